package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// assetPrefix is where hashed files are served.
const assetPrefix = "/assets/"

// contentTypes are the types of the files served, by extension. A file of any
// other kind is not part of the site.
var contentTypes = map[string]string{
	".html":        "text/html; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".css":         "text/css; charset=utf-8",
	".svg":         "image/svg+xml",
	".png":         "image/png",
	".webmanifest": "application/manifest+json",
}

// A file is one thing to send, ready in both encodings.
type file struct {
	contentType string
	immutable   bool   // its address changes when it does
	body        []byte // as it is
	zipped      []byte // gzip, or nil where that saves nothing
	hash        string // of body, in hex
}

// A site is a set of files by the path they are served at.
type site struct {
	files map[string]*file
	live  bool // assets answer under any hash
}

// pagePath returns where a file that is not an asset is served, "" if it is one.
// The service worker keeps a plain address because it governs what lies below it.
func pagePath(name string) string {
	switch {
	case name == "index.html":
		return "/"
	case name == "sw.js":
		return "/sw.js"
	case path.Ext(name) == ".html":
		return "/" + strings.TrimSuffix(name, ".html")
	}
	return ""
}

// load reads the top level of files and rewrites their references to each other.
func load(files fs.FS) (*site, error) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, fmt.Errorf("list pages: %w", err)
	}
	l := loader{raw: map[string][]byte{}, address: map[string]string{}, site: &site{files: map[string]*file{}}}
	for _, e := range entries {
		if e.IsDir() || contentTypes[path.Ext(e.Name())] == "" {
			continue
		}
		if l.raw[e.Name()], err = fs.ReadFile(files, e.Name()); err != nil {
			return nil, fmt.Errorf("read page %s: %w", e.Name(), err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.raw)) {
		if _, err := l.add(name, nil); err != nil {
			return nil, err
		}
	}
	return l.site, nil
}

// A loader gives files their addresses, those that are referred to first.
type loader struct {
	raw     map[string][]byte // by name
	address map[string]string // of what has been added, by name
	site    *site
}

// reference matches a quoted "./name", the way one file names another.
var reference = regexp.MustCompile(`"\./([A-Za-z0-9_.-]+)"`)

// assetList is replaced in the service worker by the addresses of all assets.
const assetList = `["./assets"]`

// add puts the file called name in the site, after all it refers to, and returns
// its address. Via are the files on the way here; meeting one again is a cycle.
func (l *loader) add(name string, via []string) (string, error) {
	if address, ok := l.address[name]; ok {
		return address, nil
	}
	if slices.Contains(via, name) {
		return "", fmt.Errorf("%s refers to itself by way of %s", name, strings.Join(via, ", "))
	}
	body, ok := l.raw[name]
	if !ok {
		return "", fmt.Errorf("%s refers to %s, which does not exist", via[len(via)-1], name)
	}
	via = append(slices.Clip(via), name)

	body, err := l.rewrite(body, via)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(body)
	f := &file{
		contentType: contentTypes[path.Ext(name)],
		body:        body,
		zipped:      zip(body),
		hash:        hex.EncodeToString(sum[:16]),
	}
	address := pagePath(name)
	if address == "" {
		ext := path.Ext(name)
		address = assetPrefix + strings.TrimSuffix(name, ext) + "." + f.hash[:12] + ext
		f.immutable = true
	}
	l.site.files[address] = f
	l.address[name] = address
	return address, nil
}

// rewrite returns body with its references made addresses.
func (l *loader) rewrite(body []byte, via []string) ([]byte, error) {
	if bytes.Contains(body, []byte(assetList)) {
		list, err := l.assets(via)
		if err != nil {
			return nil, err
		}
		body = bytes.ReplaceAll(body, []byte(assetList), list)
	}
	var failed error
	body = reference.ReplaceAllFunc(body, func(quoted []byte) []byte {
		address, err := l.add(string(quoted[len(`"./`):len(quoted)-1]), via)
		if err != nil && failed == nil {
			failed = err
		}
		return []byte(`"` + address + `"`)
	})
	return body, failed
}

// assets returns a JavaScript array of the addresses of all that is not a page.
func (l *loader) assets(via []string) ([]byte, error) {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(l.raw)) {
		if pagePath(name) != "" {
			continue
		}
		address, err := l.add(name, via)
		if err != nil {
			return nil, err
		}
		list = append(list, fmt.Sprintf("%q", address))
	}
	return []byte("[" + strings.Join(list, ", ") + "]"), nil
}

// zip returns body compressed, or nil if that does not save a tenth.
func zip(body []byte) []byte {
	var b bytes.Buffer
	// Neither a known level nor a buffer can fail.
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, _ = w.Write(body)
	_ = w.Close()
	if b.Len() > len(body)*9/10 {
		return nil
	}
	return b.Bytes()
}
