// Command fortunet is FortuneT: the server, the charts on the command line, and what
// an operator needs.
//
// Each subcommand is a struct of flags with a Run method, in a file of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/fortunet/fortunet/fault"
)

// commands is everything the program can be asked to do.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Run the server, with everything embedded under one data directory."`
	Chart   chartCommand   `cmd:"" help:"Compute charts, from flags or from requests on standard input."`
	Backup  backupCommand  `cmd:"" help:"Copy a data directory, while its server runs or not."`
	Restore restoreCommand `cmd:"" help:"Make a data directory of a backup."`
	Admin   adminCommand   `cmd:"" help:"Tell a running server what only its operator may."`
	Version versionCommand `cmd:"" help:"Say which build this is."`
}

// A console is what a command sees of the world. Run methods are given it.
type console struct {
	context.Context // done when the program is asked to stop
	getenv          func(string) string
	stdin           io.Reader
	stdout, stderr  io.Writer
}

// Exit statuses.
const (
	exitOK     = 0
	exitFailed = 1 // what was asked could not be done, or not all of it
	exitUsage  = 2 // the command line or the environment makes no sense
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // who asks once more does not want to wait
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program: it does what args say and returns the exit status. A flag
// given wins over the environment, which wins over the default.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	// Help ends parsing by asking for the program's end, from within.
	defer func() {
		if r := recover(); r != nil {
			wanted, ok := r.(exit)
			if !ok {
				panic(r)
			}
			code = int(wanted)
		}
	}()
	c := &console{ctx, getenv, stdin, stdout, stderr}
	parser, err := newParser(&commands{}, c)
	if err != nil {
		panic(err) // the flags' declarations are wrong
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(stderr, "fortunet: %v\nSee fortunet --help.\n", err)
		return exitUsage
	}
	err = parsed.Run(c)
	if wrong, ok := errors.AsType[usageError](err); ok {
		fmt.Fprintf(stderr, "fortunet: %s\nSee fortunet %s --help.\n", wrong, parsed.Selected().FullPath()[len("fortunet "):])
		return exitUsage
	}
	if err != nil {
		fmt.Fprintf(stderr, "fortunet: %s\n", complaint(err))
		return exitFailed
	}
	return exitOK
}

// A usageError says that a command line makes no sense, though each flag for itself may.
type usageError string

func (e usageError) Error() string { return string(e) }

func wrongUse(format string, args ...any) error { return usageError(fmt.Sprintf(format, args...)) }

// exit is what unwinds run when help has been shown.
type exit int

func newParser(into *commands, c *console) (*kong.Kong, error) {
	return kong.New(into,
		kong.Name("fortunet"),
		kong.Description("Zi Wei Dou Shu and western charts. Every flag can also be set in the environment, "+
			"under the name its help shows."),
		kong.Writers(c.stdout, c.stderr),
		kong.Exit(func(code int) { panic(exit(code)) }),
		kong.Resolvers(environment(c.getenv)),
		kong.ValueFormatter(helpWithVariable),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
}

// environment gives flags their values from variables.
func environment(getenv func(string) string) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if flag.Name == "help" {
			return nil, nil
		}
		if value := getenv(variable(flag.Name)); value != "" {
			return value, nil
		}
		return nil, nil
	})
}

// variable returns the name of the variable that sets a flag.
func variable(flag string) string {
	return "FORTUNET_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// helpWithVariable is a flag's help with the variable that sets it.
func helpWithVariable(v *kong.Value) string {
	if v.Flag == nil || v.Name == "help" {
		return v.Help
	}
	return fmt.Sprintf("%s ($%s)", v.Help, variable(v.Name))
}

// complaint returns an error as an operator reads it. On a command line nothing is
// secret from who typed it, so causes are shown, save where it is the operator's own
// words that are at fault.
func complaint(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		if f.Kind == fault.NotFound {
			return f.Message
		}
		return f.Error()
	}
	return err.Error()
}
