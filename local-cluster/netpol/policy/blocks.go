package policy

import (
	"fmt"
	"net/netip"

	networkingv1 "k8s.io/api/networking/v1"
)

// blockPrefixes is the block's cidr without its exceptions, as plain prefixes: the kernel then needs no notion of "except".
func (s *scene) blockPrefixes(where string, block *networkingv1.IPBlock) []netip.Prefix {
	whole, err := netip.ParsePrefix(block.CIDR)
	if err != nil {
		s.problems = append(s.problems, fmt.Errorf("%s.ipBlock.cidr %q cannot be read: %w; write it as 10.0.0.0/8", where, block.CIDR, err))
		return nil
	}
	left := []netip.Prefix{whole.Masked()}
	for _, text := range block.Except {
		hole, err := netip.ParsePrefix(text)
		if err != nil {
			s.problems = append(s.problems, fmt.Errorf("%s.ipBlock.except %q cannot be read, the whole block is ignored: %w; write it as 10.0.0.0/8", where, text, err))
			return nil
		}
		left = without(left, hole.Masked())
	}
	return left
}

func without(prefixes []netip.Prefix, hole netip.Prefix) []netip.Prefix {
	var left []netip.Prefix
	for _, prefix := range prefixes {
		left = append(left, subtract(prefix, hole)...)
	}
	return left
}

// subtract halves the prefix until each part is wholly in or out of the hole.
func subtract(prefix, hole netip.Prefix) []netip.Prefix {
	if !prefix.Overlaps(hole) {
		return []netip.Prefix{prefix}
	}
	if hole.Bits() <= prefix.Bits() {
		return nil
	}
	low, high := halves(prefix)
	return append(subtract(low, hole), subtract(high, hole)...)
}

func halves(prefix netip.Prefix) (low, high netip.Prefix) {
	bits := prefix.Bits()
	raw := prefix.Addr().AsSlice()
	raw[bits/8] |= 0x80 >> (bits % 8)
	upper, _ := netip.AddrFromSlice(raw)
	return netip.PrefixFrom(prefix.Addr(), bits+1), netip.PrefixFrom(upper, bits+1)
}
