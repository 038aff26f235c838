package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/birth"
)

// versionCommand says which build this is.
type versionCommand struct{}

// Run prints the build, the rules of the charts and the time zones in one line.
func (versionCommand) Run(c *console) error {
	_, err := fmt.Fprintf(c.stdout, "fortunet %s, charts %s, time zones %s, %s %s/%s\n",
		build(), fortunet.EngineVersion, birth.TZVersion, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// build returns the module's version, or the commit a build in the source tree was
// made of, with a + where the tree had changes.
func build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	commit, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+"
		}
	}
	switch {
	case info.Main.Version != "" && info.Main.Version != "(devel)":
		return info.Main.Version
	case len(commit) >= 12:
		return commit[:12] + changed
	}
	return "(devel)"
}
