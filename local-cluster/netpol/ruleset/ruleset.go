// Package ruleset renders verdicts as nftables objects. It is pure; package kernel applies them.
//
// The cost of a packet does not grow with the number of pods or policies of others: one look-up by pod address finds the
// chain of its rules, and each rule looks its peers and ports up in sets. Chains and sets are named by a hash of what
// they hold and never change, so that pods with the same rules share them and an update only moves map elements.
package ruleset

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
)

// Ruleset is the whole content of the enforcer's table.
type Ruleset struct {
	Chains map[string][]string // name to rules; those in Hooks are base chains
	Maps   map[string]Map
	Sets   map[string]Set
}

// Map is a verdict map by address.
type Map struct {
	KeyType  string
	Elements map[string]string
}

// Set holds addresses, or pairs of them.
type Set struct {
	KeyType  string
	Interval bool
	Elements []string
}

// SameContent tells whether two rulesets would do the same in the kernel.
func (r *Ruleset) SameContent(other *Ruleset) bool {
	return maps.EqualFunc(r.Chains, other.Chains, slices.Equal) &&
		maps.EqualFunc(r.Maps, other.Maps, func(a, b Map) bool { return maps.Equal(a.Elements, b.Elements) }) &&
		maps.EqualFunc(r.Sets, other.Sets, func(a, b Set) bool { return slices.Equal(a.Elements, b.Elements) })
}

func hashedName(kind string, content []string) string {
	sum := sha256.Sum256([]byte(strings.Join(content, "\n")))
	return kind + "-" + hex.EncodeToString(sum[:8])
}
