package io.weir.core.config;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.HttpToken;
import java.util.List;
import java.util.Locale;

/**
 * Whom to believe about the client's address.
 *
 * @param trustedProxies peers whose forwarding header is believed; empty believes nobody
 * @param header the one header believed, lower case: {@code x-forwarded-for}, {@code forwarded}, or
 *     another name that carries addresses in the form of the former
 */
public record ClientAddressConfig(List<Cidr> trustedProxies, String header) {
  public static final ClientAddressConfig DEFAULTS =
      new ClientAddressConfig(List.of(), "x-forwarded-for");

  public ClientAddressConfig {
    trustedProxies = List.copyOf(trustedProxies);
    header = header.toLowerCase(Locale.ROOT);
    Check.that(
        HttpToken.is(header), "client_ip_header: \"" + header + "\" (expected: a header name)");
  }
}
