//! The compiled index: files that pass their checksum and are damaged all the same.
//!
//! The input is a list of edits on the index of the demonstration lists, not a file: so it stays good when the
//! format changes, and reaches what is behind lengths and checksum.

use std::path::Path;
use std::sync::LazyLock;

use zeef::index::organisations::Scratch;
use zeef::index::{
    Lift, NameIndex, NameIndexBuilder, PeopleScratch, Snapshot, SnapshotError, collect_people,
};
use zeef::matching::organisation::OrganisationQuery;
use zeef::matching::person::{AskedName, NameView};
use zeef::names::PersonName;

/// A whole file, and its sections.
struct File {
    bytes: Vec<u8>,
    sections: Vec<Vec<u8>>,
}

/// Magic and version, which every file begins with.
const HEAD: usize = 12;
/// The checksum, with which it ends.
const SUM: usize = 32;

static WHOLE: LazyLock<File> = LazyLock::new(|| {
    let snapshot = Snapshot::demo().expect("the demonstration lists are read");
    let mut names = NameIndexBuilder::new();
    let add = |entity| {
        names.add(&entity);
        Ok::<(), SnapshotError>(())
    };
    snapshot.for_each_entity(add).expect("they can be read");
    let path = folder().join("whole");
    names.write(&path).expect("it can be written");
    let bytes = std::fs::read(&path).expect("it can be read");
    let number = |at: usize| {
        usize::from(bytes[at]) | usize::from(bytes[at + 1]) << 8 | usize::from(bytes[at + 2]) << 16
    };
    let count = number(HEAD);
    let mut at = HEAD + 4 + 8 * count;
    let sections = (0..count)
        .map(|n| {
            let length = number(HEAD + 4 + 8 * n);
            at += length;
            bytes[at - length..at].to_vec()
        })
        .collect();
    assert_eq!(at + SUM, bytes.len(), "the file has another layout");
    File { bytes, sections }
});

/// Where files lie for the moment of being opened.
fn folder() -> &'static Path {
    static FOLDER: LazyLock<tempfile::TempDir> =
        LazyLock::new(|| tempfile::tempdir().expect("a folder for files of a moment"));
    FOLDER.path()
}

/// Bytes of one edit: what, which section, where (4), with what (2).
const EDIT: usize = 8;

/// Applies an edit to the sections.
fn edit(sections: &mut [Vec<u8>], edit: &[u8]) {
    let many = sections.len();
    let chosen = usize::from(edit[1]) % many;
    let other = usize::from(edit[7]) % many;
    let place = u32::from_le_bytes([edit[2], edit[3], edit[4], edit[5]]) as usize;
    let value = u16::from_le_bytes([edit[6], edit[7]]);
    let section = &mut sections[chosen];
    let at = place % (section.len() + 1);
    let of_four = at & !3;
    match edit[0] % 9 {
        0 => section.truncate(at),
        1 => {
            let end = (at + usize::from(value % 512)).min(section.len());
            section.drain(at..end);
        }
        2 => {
            let zeros = vec![0; usize::from(value % 64)];
            section.splice(at..at, zeros);
        }
        3 => {
            // Once more, up to a multiple of what it was.
            let copy = section[at..(at + usize::from(value)).min(section.len())].to_vec();
            section.extend(copy);
        }
        4 => {
            if let Some(four) = section.get_mut(of_four..of_four + 4) {
                // Far out, with both signs.
                four.copy_from_slice(&i32::from(value as i16).wrapping_mul(0x0101).to_le_bytes());
            }
        }
        5 => {
            if let Some(four) = section.get_mut(of_four..of_four + 4) {
                let now = u32::from_le_bytes([four[0], four[1], four[2], four[3]]);
                four.copy_from_slice(&now.wrapping_add(u32::from(value % 7)).wrapping_sub(3).to_le_bytes());
            }
        }
        6 => sections.swap(chosen, other),
        7 => {
            if let Some(byte) = section.get_mut(at) {
                *byte = value as u8;
            }
        }
        _ => {
            if let Some(byte) = section.get_mut(at) {
                *byte ^= 1 << (value % 8);
            }
        }
    }
}

/// The file of these sections, whole but for what they say.
fn file(sections: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = WHOLE.bytes[..HEAD].to_vec();
    bytes.extend((sections.len() as u32).to_le_bytes());
    sections.iter().for_each(|s| bytes.extend((s.len() as u64).to_le_bytes()));
    sections.iter().for_each(|s| bytes.extend(s));
    let sum = blake3::hash(&bytes);
    bytes.extend(sum.as_bytes());
    bytes
}

/// Opens a damaged index; if it opens, it is searched, and whatever it finds can be looked at.
pub fn run(data: &[u8]) {
    let bytes = match data.strip_prefix(b"raw") {
        // As it is: most of this fails at the checksum, as it should.
        Some(raw) => [&WHOLE.bytes[..HEAD.min(raw.len())], raw].concat(),
        None => {
            let mut sections = WHOLE.sections.clone();
            data.chunks_exact(EDIT).take(16).for_each(|e| edit(&mut sections, e));
            file(&sections)
        }
    };
    let path = folder().join(format!("{:?}", std::thread::current().id()));
    std::fs::write(&path, bytes).expect("it can be written");
    let Ok(index) = NameIndex::open(&path) else { return };
    search(&index);
}

fn search(index: &NameIndex) {
    let people = index.people();
    for text in [
        "Wladimir Putjin",
        "Владимир Путин",
        "Kim Jong Un",
        "金正恩",
        "محمد حسين",
        "Ali",
        "Saddam Husein al-Tikriti",
    ] {
        let name = PersonName::analyse(text);
        let (mut words, mut found) = (Vec::new(), Vec::new());
        collect_people(people, &name, 8.0, &Lift::NONE, &mut PeopleScratch::default(), &mut found);
        let asked = AskedName::of(NameView::of(&name, &mut words));
        for &number in found.iter().take(64) {
            let mut words = Vec::new();
            let view = people.view(number, &mut words);
            assert!(asked.compare(view).bits().is_finite(), "bits that are no number");
            let card = index.card(people.name(number).entity);
            let _ = (people.text(number), &index.lists()[usize::from(card.list)]);
            let _ = index.names_of_entity(people.name(number).entity);
        }
        let query = OrganisationQuery::new("Harbin Inst. of Technol., Harbin", &["CN".to_owned()], text);
        let mut found = Vec::new();
        index.organisations().find(&query, 9.0, &mut Scratch::default(), &mut found);
        for hit in found {
            assert!(hit.bits.is_finite(), "bits that are no number");
        }
        assert!(index.entities_with_number("123456789").count() <= index.entity_count());
    }
}

/// One edit of each kind in each section, at a few places; and files that are none.
pub fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = vec![Vec::new(), b"raw".to_vec(), [b"raw".as_slice(), &[0xff; 300]].concat()];
    for what in 0..9u8 {
        for section in 0..WHOLE.sections.len() as u8 {
            let at = (u32::from(section) * 7919 + u32::from(what) * 104_729).to_le_bytes();
            seeds.push([[what, section].as_slice(), &at, &[0xff, what]].concat());
        }
    }
    seeds
}
