package netpol

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"slices"

	"sekisho.dev/local-cluster/netpol/wire"
)

// book holds which pod has which address. Only the CNI writes it: status.podIPs comes too late, and for a moment names
// addresses that already belong to another pod. It is kept in a file so that a restart knows as much as before.
type book struct {
	path    string
	entries map[string]wire.Attachment // by container ID
}

// openBook reads the file; fresh is true when there is none.
func openBook(path string) (b *book, fresh bool, err error) {
	b = &book{path: path, entries: map[string]wire.Attachment{}}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return b, true, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read the address book: %w", err)
	}
	if err := json.Unmarshal(text, &b.entries); err != nil {
		return nil, false, fmt.Errorf("read the address book %s: %w; delete the file, and running pods are found by their status", path, err)
	}
	return b, false, nil
}

// put enters an attachment. Whoever had one of its addresses has it no more, and a pod has one sandbox at a time.
// It tells whether there was such an owner, whose end we must have missed.
func (b *book) put(added wire.Attachment) (inherits bool, err error) {
	for id, entry := range b.entries {
		shares := id != added.ContainerID && slices.ContainsFunc(added.IPs, func(ip netip.Addr) bool { return slices.Contains(entry.IPs, ip) })
		inherits = inherits || shares
		if shares || entry.UID == added.UID {
			delete(b.entries, id)
		}
	}
	b.entries[added.ContainerID] = added
	return inherits, b.save()
}

// remove forgets a sandbox and returns the addresses it had.
func (b *book) remove(containerID string) ([]netip.Addr, error) {
	entry, known := b.entries[containerID]
	if !known {
		return nil, nil
	}
	delete(b.entries, containerID)
	return entry.IPs, b.save()
}

// keepOnly forgets every sandbox whose pod does not satisfy alive.
func (b *book) keepOnly(alive func(wire.Attachment) bool) error {
	before := len(b.entries)
	for id, entry := range b.entries {
		if !alive(entry) {
			delete(b.entries, id)
		}
	}
	if len(b.entries) == before {
		return nil
	}
	return b.save()
}

func (b *book) holds(asked wire.Attachment) bool {
	entry, known := b.entries[asked.ContainerID]
	return known && slices.Equal(entry.IPs, asked.IPs)
}

// save replaces the file in one step: a crash leaves the old one or the new one.
func (b *book) save() error {
	text, err := json.MarshalIndent(b.entries, "", "  ")
	if err != nil {
		return err
	}
	next := b.path + ".next"
	if err := os.WriteFile(next, text, 0o600); err != nil {
		return fmt.Errorf("write the address book: %w; is the disk full?", err)
	}
	return os.Rename(next, b.path)
}
