// Package web holds the pages as they are served: hand-written HTML, CSS and ES
// modules, embedded in the program and sent without a build step.
//
// The source is the asset. A page or module names another file as a quoted
// "./name", and when the files are loaded every such reference becomes
// "/assets/name.HASH.ext", where HASH is cut from the SHA-256 of the file as
// sent. Assets may therefore be kept by a browser for a year, and pages are asked
// for anew each time. References are rewritten in the files themselves rather
// than by an import map, because an import map is an inline script and the
// content security policy allows none. The price is that two modules cannot
// import each other.
package web

import (
	"embed"
	"io/fs"
	"net/http"
	"os"
	"sync"
)

//go:embed *.html *.js *.css *.svg *.png *.webmanifest
var embedded embed.FS

// loadEmbedded reads the embedded files once, at the first call of Handler.
var loadEmbedded = sync.OnceValues(func() (*site, error) { return load(embedded) })

// Handler serves the embedded pages: GET and HEAD of "/", "/docs", "/sw.js" and
// "/assets/...". Any other path is 404, any other method 405. It panics if the
// embedded files refer to each other wrongly, which the package's test rules out.
func Handler() http.Handler {
	s, err := loadEmbedded()
	if err != nil {
		panic("web: " + err.Error())
	}
	return s
}

// Live serves the files of a directory, which is read anew for every request and
// whose assets answer under any hash, so that an edit shows at the next reload.
// A directory that cannot be loaded answers 500 with the reason.
func Live(dir string) http.Handler { return live{os.DirFS(dir)} }

type live struct{ files fs.FS }

func (l live) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s, err := load(l.files)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.live = true
	s.ServeHTTP(w, r)
}
