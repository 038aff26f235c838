package ziwei

import "github.com/fortunet/fortunet/lang"

// AppendJSON appends the pairing as a JSON object, names in that language: animals and
// elements, what the birth years' branches and the classes are to each other; overlay,
// for each palace of the first chart in the order of the names from the soul palace the
// palace of the second that lies on it; links, what each does in the other.
func (p Pairing) AppendJSON(dst []byte, l lang.Language) []byte {
	w := allWords[l]()
	dst = append(append(dst, `{"animals":`...), named(p.Animals().Key(), p.Animals().Name(l))...)
	dst = append(append(dst, `,"elements":`...), named(p.Elements().Key(), p.Elements().Name(l))...)
	dst = append(dst, `,"overlay":[`...)
	for i := range PalaceName(12) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(dst, `{"first":`...), w.palace[i]...)
		dst = append(append(dst, `,"second":`...), w.palace[p.Overlay(i)]...)
		dst = append(dst, '}')
	}
	dst = append(dst, `],"links":[`...)
	for i, link := range p.Links() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = link.append(dst, w, l)
	}
	return append(dst, `]}`...)
}

func (k Link) append(dst []byte, w *words, l lang.Language) []byte {
	from := "first"
	if k.Back {
		from = "second"
	}
	dst = append(append(dst, `{"from":"`...), from...)
	dst = append(append(dst, `","kind":"`...), k.Kind.Key()...)
	dst = append(append(dst, `","star":`...), named(k.Star.Key(), k.Star.Name(l))...)
	dst = append(dst, w.mutagen[k.Mutagen]...)
	dst = append(append(dst, `,"palace":`...), w.palace[k.Palace]...)
	return append(dst, '}')
}
