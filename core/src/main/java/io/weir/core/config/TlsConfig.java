package io.weir.core.config;

import io.weir.tls.TicketKey;
import java.util.List;

/**
 * What holds for TLS on every listener.
 *
 * @param ticketKeys that session tickets are sealed with, the first one, and opened with, all; none
 *     for keys that the process makes and rotates by itself
 */
public record TlsConfig(List<TicketKey> ticketKeys) {
  public static final TlsConfig DEFAULTS = new TlsConfig(List.of());

  public TlsConfig {
    ticketKeys = List.copyOf(ticketKeys);
  }
}
