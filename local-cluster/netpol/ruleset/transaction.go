package ruleset

import (
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/knftables"
)

// Replace writes a transaction that makes the table do exactly this, whatever it held before. Maps that are no longer
// used are emptied; they, chains and sets stay for Leftovers. The base chains are never taken away, so that no packet
// passes between two of them.
func Replace(tx *knftables.Transaction, want *Ruleset, kernelMaps []string) {
	tx.Add(&knftables.Table{})
	for _, name := range kernelMaps {
		tx.Flush(&knftables.Map{Name: name})
	}
	add(tx, &Ruleset{}, want, true)
}

// Update writes a transaction from one content to the next.
func Update(tx *knftables.Transaction, have, want *Ruleset) {
	add(tx, have, want, false)
	Leftovers(tx, slices.Collect(maps.Keys(have.Maps)), slices.Collect(maps.Keys(have.Chains)), slices.Collect(maps.Keys(have.Sets)), want)
}

// Leftovers deletes what is there and not wanted, in the order in which they refer to one another:
// elements of maps to chains, rules to maps and sets.
func Leftovers(tx *knftables.Transaction, haveMaps, haveChains, haveSets []string, want *Ruleset) {
	goneMaps := unwanted(haveMaps, want.Maps)
	for _, name := range goneMaps {
		tx.Flush(&knftables.Map{Name: name})
	}
	for _, name := range unwanted(haveChains, want.Chains) {
		tx.Delete(&knftables.Chain{Name: name})
	}
	for _, name := range goneMaps {
		tx.Delete(&knftables.Map{Name: name})
	}
	for _, name := range unwanted(haveSets, want.Sets) {
		tx.Delete(&knftables.Set{Name: name})
	}
}

func unwanted[V any](names []string, want map[string]V) []string {
	var left []string
	for _, name := range slices.Sorted(slices.Values(names)) {
		if _, wanted := want[name]; !wanted {
			left = append(left, name)
		}
	}
	return left
}

// add brings in what is wanted. With reset, objects that may be there already are emptied first.
func add(tx *knftables.Transaction, have, want *Ruleset, reset bool) {
	addSets(tx, have, want, reset)
	addMaps(tx, have, want, reset)
	addChains(tx, have, want, reset)
	fillMaps(tx, have, want)
}

func addSets(tx *knftables.Transaction, have, want *Ruleset, reset bool) {
	for _, name := range slices.Sorted(maps.Keys(want.Sets)) {
		set, old := want.Sets[name], have.Sets[name]
		if _, there := have.Sets[name]; !there {
			tx.Add(setObject(name, set))
			if reset {
				tx.Flush(&knftables.Set{Name: name})
			}
		}
		for _, gone := range difference(old.Elements, set.Elements) {
			tx.Delete(&knftables.Element{Set: name, Key: strings.Split(gone, " . ")})
		}
		for _, added := range difference(set.Elements, old.Elements) {
			tx.Add(&knftables.Element{Set: name, Key: strings.Split(added, " . ")})
		}
	}
}

func setObject(name string, set Set) *knftables.Set {
	object := &knftables.Set{Name: name, Type: set.KeyType}
	if set.Interval {
		object.Flags = []knftables.SetFlag{knftables.IntervalFlag}
		object.AutoMerge = knftables.PtrTo(true)
	}
	return object
}

func addMaps(tx *knftables.Transaction, have, want *Ruleset, reset bool) {
	for _, name := range slices.Sorted(maps.Keys(want.Maps)) {
		if _, there := have.Maps[name]; there {
			continue
		}
		tx.Add(&knftables.Map{Name: name, Type: want.Maps[name].KeyType + " : verdict"})
		if reset {
			tx.Flush(&knftables.Map{Name: name})
		}
	}
}

// addChains adds all chains before any rule, because rules refer to chains.
func addChains(tx *knftables.Transaction, have, want *Ruleset, reset bool) {
	var changed []string
	for _, name := range slices.Sorted(maps.Keys(want.Chains)) {
		rules, there := have.Chains[name]
		if there && slices.Equal(rules, want.Chains[name]) {
			continue
		}
		tx.Add(chainObject(name))
		if there || reset {
			tx.Flush(&knftables.Chain{Name: name})
		}
		changed = append(changed, name)
	}
	for _, name := range changed {
		for _, rule := range want.Chains[name] {
			tx.Add(&knftables.Rule{Chain: name, Rule: rule})
		}
	}
}

func chainObject(name string) *knftables.Chain {
	chain := &knftables.Chain{Name: name}
	if hook, isBase := Hooks[name]; isBase {
		chain.Type = knftables.PtrTo(knftables.FilterType)
		chain.Hook = knftables.PtrTo(knftables.BaseChainHook(hook))
		chain.Priority = knftables.PtrTo(knftables.FilterPriority)
	}
	return chain
}

func fillMaps(tx *knftables.Transaction, have, want *Ruleset) {
	for _, name := range slices.Sorted(maps.Keys(want.Maps)) {
		old, elements := have.Maps[name].Elements, want.Maps[name].Elements
		for _, key := range slices.Sorted(maps.Keys(old)) {
			if elements[key] != old[key] {
				tx.Delete(&knftables.Element{Map: name, Key: []string{key}})
			}
		}
		for _, key := range slices.Sorted(maps.Keys(elements)) {
			if elements[key] != old[key] {
				tx.Add(&knftables.Element{Map: name, Key: []string{key}, Value: []string{elements[key]}})
			}
		}
	}
}

func difference(from, without []string) []string {
	var left []string
	for _, element := range from {
		if _, found := slices.BinarySearch(without, element); !found {
			left = append(left, element)
		}
	}
	return left
}
