#!/usr/bin/env python3
"""Writes han.tsv: the characters of East Asian names, their variants and their readings.

Source: the Unihan database of Unicode 15.0 (Unihan_Readings, Unihan_Variants, Unihan_OtherMappings,
Unihan_DictionaryLikeData), as packed in Debian's `unicode-data`. Licence: Unicode License, see
UNICODE-LICENSE.txt beside this file. Standard library only:

    python3 generate.py [/usr/share/unicode]

One line a class of characters that stand for each other (simplified, traditional, variants):
characters TAB Mandarin (pinyin without tones) TAB Cantonese (jyutping without tones) TAB Korean (Hangul),
readings in order of how usual they are, parted by spaces, `-` when there is none.

Kept are the characters of China's table of general characters (kTGH), of Korea's list for personal names
(kKoreanName) and its KS X 1001, of Taiwan's first Big Five plane, and variants of those.
"""
import bz2, collections, os, re, sys, unicodedata

ROOT = sys.argv[1] if len(sys.argv) > 1 else '/usr/share/unicode'
HERE = os.path.dirname(os.path.abspath(__file__))


def fields(name, wanted):
    out = collections.defaultdict(dict)
    with bz2.open(os.path.join(ROOT, f'Unihan_{name}.txt.bz2'), 'rt', encoding='utf-8') as f:
        for line in f:
            if line.startswith('U+'):
                code, field, value = line.rstrip('\n').split('\t')
                if field in wanted:
                    out[field][chr(int(code[2:], 16))] = value
    return out


def plain(pinyin):
    """Pinyin without tones; ü is written v."""
    s = unicodedata.normalize('NFD', pinyin.lower()).replace('u\u0308', 'v')
    return ''.join(c for c in s if c.isascii() and c.isalpha())


reading = fields('Readings', {'kMandarin', 'kCantonese', 'kHangul', 'kHanyuPinlu', 'kTGHZ2013'})
variant = fields('Variants', {'kSimplifiedVariant', 'kTraditionalVariant', 'kZVariant', 'kSemanticVariant'})
other = fields('OtherMappings', {'kTGH', 'kKoreanName', 'kBigFive', 'kKSC0'})


def mandarin(c):
    out = [plain(x) for x in reading['kMandarin'].get(c, '').split()]
    # The modern dictionaries' further readings; the large historical ones list too many.
    out += [plain(x.split('(')[0]) for x in reading['kHanyuPinlu'].get(c, '').split()]
    out += [plain(x) for x in re.findall(r':([^ ]+)', reading['kTGHZ2013'].get(c, '')) for x in x.split(',')]
    return list(dict.fromkeys(x for x in out if x))


def cantonese(c):
    return list(dict.fromkeys(re.sub(r'\d', '', x) for x in reading['kCantonese'].get(c, '').split()))


def korean(c):
    return list(dict.fromkeys(x.split(':')[0] for x in reading['kHangul'].get(c, '').split()))


kept = set(other['kTGH']) | set(other['kKoreanName']) | set(other['kKSC0'])
kept |= {c for c, v in other['kBigFive'].items() if 'A440' <= v.split()[0] <= 'C67E'}

parent = {}


def find(c):
    while parent.get(c, c) != c:
        c = parent[c]
    return c


def join(a, b):
    a, b = sorted((find(a), find(b)))
    if a != b:
        parent[b] = a


def targets(field, c):
    return [chr(int(x[2:], 16)) for x in re.findall(r'U\+[0-9A-F]+', variant[field].get(c, ''))]


for field in ('kSimplifiedVariant', 'kTraditionalVariant', 'kZVariant', 'kSemanticVariant'):
    for c in variant[field]:
        for d in targets(field, c):
            if not {c, d} & kept:
                continue
            # Semantic variants are also words of like meaning: only those that sound alike are one character.
            if field == 'kSemanticVariant' and (not mandarin(c) or mandarin(c)[:1] != mandarin(d)[:1]
                                                or (korean(c) and korean(d) and not set(korean(c)) & set(korean(d)))):
                continue
            join(c, d)
# Variants that Unihan does not link.
for c, d in ('尙尚', '晳晰'):
    join(c, d)

classes = collections.defaultdict(list)
for c in kept | set(parent) | set(parent.values()):
    classes[find(c)].append(c)

rows = []
for members in classes.values():
    if not set(members) & kept:
        continue
    members.sort(key=lambda c: (c not in other['kTGH'], c not in kept, c))

    def merged(f, most):
        lists = [f(c) for c in members if f(c)]
        first = [x[0] for x in lists]
        return ' '.join(list(dict.fromkeys(first + [y for x in lists for y in x]))[:most]) or '-'

    row = (''.join(members), merged(mandarin, 4), merged(cantonese, 4), merged(korean, 4))
    if row[1:] != ('-', '-', '-'):
        rows.append(row)

# The commonest characters first: China's table is ordered by use.
order = {c: int(re.sub(r'\D', '', v.split(':')[-1]) or 99999) for c, v in other['kTGH'].items()}
rows.sort(key=lambda r: (min(order.get(c, 99999) for c in r[0]), r[0]))
with open(os.path.join(HERE, 'han.tsv'), 'w', encoding='utf-8') as f:
    for r in rows:
        f.write('\t'.join(r) + '\n')
print(len(rows), 'classes', file=sys.stderr)
