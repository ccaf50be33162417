package netpol

import (
	"net/netip"
	"path/filepath"
	"testing"

	"sekisho.dev/local-cluster/netpol/wire"
)

func sandbox(container, uid, ip string) wire.Attachment {
	return wire.Attachment{Namespace: "a", Name: uid, UID: uid, ContainerID: container, IPs: []netip.Addr{netip.MustParseAddr(ip)}}
}

func TestBook(t *testing.T) {
	rows := []struct {
		name string
		do   func(*book) error
		want map[string]string // container to address
	}{
		{"an address has one owner: the last", func(b *book) error {
			inherits, err := b.put(sandbox("c3", "u3", "10.0.0.1"))
			if !inherits {
				t.Error("it is not told that the address had an owner")
			}
			return err
		}, map[string]string{"c2": "10.0.0.2", "c3": "10.0.0.1"}},
		{"a pod has one sandbox: the last", func(b *book) error {
			inherits, err := b.put(sandbox("c3", "u1", "10.0.0.9"))
			if inherits {
				t.Error("a new address is said to have had an owner")
			}
			return err
		}, map[string]string{"c2": "10.0.0.2", "c3": "10.0.0.9"}},
		{"a late goodbye of an old sandbox does not touch the new one", func(b *book) error {
			if _, err := b.put(sandbox("c3", "u3", "10.0.0.1")); err != nil {
				return err
			}
			_, err := b.remove("c1")
			return err
		}, map[string]string{"c2": "10.0.0.2", "c3": "10.0.0.1"}},
		{"removed", func(b *book) error { _, err := b.remove("c1"); return err }, map[string]string{"c2": "10.0.0.2"}},
		{"only the living are kept", func(b *book) error { return b.keepOnly(func(a wire.Attachment) bool { return a.UID == "u1" }) }, map[string]string{"c1": "10.0.0.1"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "book.json")
			b, fresh, err := openBook(path)
			if err != nil || !fresh {
				t.Fatal(fresh, err)
			}
			for _, entry := range []wire.Attachment{sandbox("c1", "u1", "10.0.0.1"), sandbox("c2", "u2", "10.0.0.2")} {
				if _, err := b.put(entry); err != nil {
					t.Fatal(err)
				}
			}
			if err := row.do(b); err != nil {
				t.Fatal(err)
			}
			again, fresh, err := openBook(path) // as after a restart
			if err != nil || fresh || len(again.entries) != len(row.want) {
				t.Fatalf("%v, want %v (%v, %v)", again.entries, row.want, fresh, err)
			}
			for container, ip := range row.want {
				if got := again.entries[container]; len(got.IPs) != 1 || got.IPs[0].String() != ip {
					t.Errorf("%s has %v, want %s", container, got.IPs, ip)
				}
			}
		})
	}
}
