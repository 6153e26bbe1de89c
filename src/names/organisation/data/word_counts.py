#!/usr/bin/env python3
"""Counts words in names of organisations for `word_counts.tsv`.

Source: Research Organization Registry records, schema v2 (https://ror.org), CC0 1.0: public domain.
Only counts are kept, no name. Standard library only.

    word_counts.py ror-v2.jsonl.gz > word_counts.tsv

A word is counted once a name (labels, aliases), after folding as `fold.rs` folds Latin letters:
NFKD without combining marks, lower case, split at anything but letters and digits, a possessive s
dropped. Words seen in fewer than four names, and words of other scripts, are left out.
"""
import collections, gzip, json, re, sys, unicodedata


def words(name):
    text = ''.join(c for c in unicodedata.normalize('NFKD', name.lower()) if not unicodedata.combining(c))
    text = re.sub("['\u2018\u2019\u02bc`](s\\b)?", '', text)
    return {w for w in re.findall(r'[a-z0-9]+', text)}


def main():
    counts, names = collections.Counter(), 0
    with gzip.open(sys.argv[1], 'rt', encoding='utf-8') as lines:
        for line in lines:
            seen = {n['value'] for n in json.loads(line)['names'] if 'acronym' not in n['types']}
            for name in sorted(seen):
                found = words(name)
                if found:
                    names += 1
                    counts.update(found)
    print('# word <TAB> names that hold it; made by word_counts.py from ROR records (CC0 1.0)')
    print(f'# names\t{names}')
    for word, n in sorted(counts.items(), key=lambda x: (-x[1], x[0])):
        if n >= 4:
            print(f'{word}\t{n}')


main()
