//! Armenian, eastern (Armenia, Iran, Russia) and western (the diaspora), which swap the voiced and the
//! voiceless consonants: Պետրոսյան is Petrosyan in Yerevan and Bedrosian in Beirut.

use super::any;

#[derive(Clone, Copy, PartialEq, Eq)]
enum System {
    Eastern,
    Western,
}

/// The spellings of a run of Armenian, eastern first.
pub(super) fn forms(run: &str) -> Vec<String> {
    let letters: Vec<char> = run.chars().collect();
    [System::Eastern, System::Western].map(|system| write(&letters, system)).into()
}

fn write(letters: &[char], system: System) -> String {
    let western = system == System::Western;
    let mut out = String::with_capacity(letters.len() * 2);
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let first = at == 0;
        let next = letters.get(at + 1).copied();
        let mut taken = 1;
        let latin = match letter {
            // ու is one vowel.
            'ո' if next == Some('ւ') => {
                taken = 2;
                "u"
            }
            // -յան, the ending of most surnames, is ian as often in the west.
            'յ' if western && first => "h",
            'յ' if western => "i",
            'յ' => "y",
            'ո' if first => "vo",
            'ե' if first => "ye",
            'ա' => "a",
            'բ' | 'փ' if western => "p",
            'պ' if western => "b",
            'բ' => "b",
            'պ' | 'փ' => "p",
            'գ' | 'ք' if western => "k",
            'կ' if western => "g",
            'գ' => "g",
            'կ' | 'ք' => "k",
            'դ' | 'թ' if western => "t",
            'տ' if western => "d",
            'դ' => "d",
            'տ' | 'թ' => "t",
            'ձ' if western => "ts",
            'ծ' if western => "dz",
            'ձ' => "dz",
            'ծ' | 'ց' => "ts",
            'ջ' if western => "ch",
            'ճ' if western => "j",
            'ջ' => "j",
            'ճ' | 'չ' => "ch",
            'ե' | 'է' | 'ը' => "e",
            'զ' => "z",
            'ժ' => "zh",
            'ի' => "i",
            'լ' => "l",
            'խ' => "kh",
            'հ' => "h",
            'ղ' => "gh",
            'մ' => "m",
            'ն' => "n",
            'շ' => "sh",
            'ո' | 'օ' => "o",
            'ռ' | 'ր' => "r",
            'ս' => "s",
            'վ' | 'ւ' => "v",
            'և' if first => "yev",
            'և' => "ev",
            'ֆ' => "f",
            other => any(other),
        };
        out.push_str(latin);
        at += taken;
    }
    out
}
