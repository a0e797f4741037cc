package io.weir.firewall;

/** A named set of addresses or texts that rules refer to. */
public record ListConfig(ListType type, ListSource source) {}
