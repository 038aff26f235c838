// Package fortunet holds the words every layer of FortuneT shares: who a user is and
// what their plan allows, what they prefer, how often they may ask, and what a
// request for a chart says.
//
// It decides nothing about where things are kept or how they travel. What a person or
// a program sends is read here strictly: a member nobody knows, one of the wrong type,
// one given twice and text that is not JSON are refused by name, as faults.
package fortunet

import "time"

// A User is somebody who uses FortuneT, a guest too.
type User struct {
	ID      string    `json:"id"`
	Email   string    `json:"email"` // "" for a guest
	Name    string    `json:"name"`  // as CleanName leaves it
	Plan    Plan      `json:"plan"`
	Role    Role      `json:"role,omitempty"`
	Guest   bool      `json:"guest"`
	Created time.Time `json:"created"`
}

// A Role is what a user may do to the server itself, beside what their plan allows.
type Role string

const (
	NoRole Role = ""
	Admin  Role = "admin"
)

// Permissions returns what the user's plan allows.
func (u User) Permissions() []Permission { return u.Plan.Permissions() }

// May reports whether the user's plan allows the permission.
func (u User) May(p Permission) bool { return u.Plan.Allows(p) }

// IsAdmin reports whether the user may operate the server.
func (u User) IsAdmin() bool { return u.Role == Admin && !u.Guest }

// GuestName returns what somebody without an account is called in the language.
func GuestName(l Language) string {
	switch l {
	case TraditionalChinese:
		return "訪客"
	case SimplifiedChinese:
		return "访客"
	case Japanese:
		return "ゲスト"
	case Korean:
		return "게스트"
	case Vietnamese:
		return "Khách"
	}
	return "Guest"
}
