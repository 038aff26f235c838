package ziwei

import "github.com/fortunet/fortunet/lang"

// AppendJSON appends the horoscope as a JSON object, names in that language: lunar,
// nominalAge, and the scopes decadal, age, yearly, monthly, daily and hourly.
//
// A scope is {name, index, stem, branch, mutagen, mutagenNames, palaces, palaceNames,
// stars, starNames}: mutagen are the keys of the stars that get 祿, 權, 科 and 忌; palaces
// are the keys of the names that the palaces have in the scope, from index 0; stars are
// twelve lists of keys of flowing stars, which age has none of. decadal also has
// childhood, yearly suiqian12 and jiangqian12 with their names.
func (h *Horoscope) AppendJSON(dst []byte, l lang.Language) []byte {
	dst = append(dst, `{"lunar":`...)
	dst = appendLunar(dst, h.Lunar)
	dst = appendInt(dst, `,"nominalAge":`, h.NominalAge)
	dst = appendBool(dst, `,"decadal":{"childhood":`, h.Decadal.Kind == Childhood)
	dst = h.Decadal.append(append(dst, ','), l)
	dst = h.Age.append(append(dst, `},"age":{`...), l)
	dst = h.Yearly.append(append(dst, `},"yearly":{`...), l)
	dst = appendGods(append(dst, `,"suiqian12":`...), &h.Suiqian, God.Key)
	dst = appendGods(append(dst, `,"jiangqian12":`...), &h.Jiangqian, God.Key)
	name := func(g God) string { return g.Name(l) }
	dst = appendGods(append(dst, `,"suiqian12Names":`...), &h.Suiqian, name)
	dst = appendGods(append(dst, `,"jiangqian12Names":`...), &h.Jiangqian, name)
	dst = h.Monthly.append(append(dst, `},"monthly":{`...), l)
	dst = h.Daily.append(append(dst, `},"daily":{`...), l)
	dst = h.Hourly.append(append(dst, `},"hourly":{`...), l)
	return append(dst, `}}`...)
}

// append appends the scope's members, without braces.
func (s *Scope) append(dst []byte, l lang.Language) []byte {
	dst = append(append(dst, `"name":"`...), s.Kind.Name(l)...)
	dst = appendInt(dst, `","index":`, s.Index)
	dst = append(append(dst, `,"stem":"`...), s.Pillar.Stem.Key()...)
	dst = append(append(dst, `","branch":"`...), s.Pillar.Branch.Key()...)
	dst = append(dst, `","mutagen":[`...)
	for i, m := range s.Mutagens {
		dst = appendText(dst, i, m.Key())
	}
	dst = append(dst, `],"mutagenNames":[`...)
	for i, m := range s.Mutagens {
		dst = appendText(dst, i, m.Name(l))
	}
	dst = append(dst, `],"palaces":[`...)
	for i := range 12 {
		dst = appendText(dst, i, s.Palace(i).Key())
	}
	dst = append(dst, `],"palaceNames":[`...)
	for i := range 12 {
		dst = appendText(dst, i, s.Palace(i).Name(l))
	}
	dst = append(dst, ']')
	if s.Kind == SmallLimit {
		return dst
	}
	dst = s.appendFlows(append(dst, `,"stars":[`...), Flow.Key)
	return s.appendFlows(append(dst, `,"starNames":[`...), func(f Flow) string { return f.Name(l) })
}

// appendFlows appends a list a palace of what text says of its flowing stars, and the
// bracket that ends them.
func (s *Scope) appendFlows(dst []byte, text func(Flow) string) []byte {
	for place := range 12 {
		if place > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '[')
		n := 0
		s.eachFlow(place, func(f Flow) {
			dst = appendText(dst, n, text(f))
			n++
		})
		dst = append(dst, ']')
	}
	return append(dst, ']')
}

func appendGods(dst []byte, gods *[12]God, text func(God) string) []byte {
	dst = append(dst, '[')
	for i, g := range gods {
		dst = appendText(dst, i, text(g))
	}
	return append(dst, ']')
}

// appendText appends a string that needs no escapes, after a comma unless it is the
// first of its list.
func appendText(dst []byte, place int, s string) []byte {
	if place > 0 {
		dst = append(dst, ',')
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}
