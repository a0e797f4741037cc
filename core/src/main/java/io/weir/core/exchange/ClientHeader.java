package io.weir.core.exchange;

import io.weir.core.http.Fields;
import io.weir.core.http.RequestHead;
import io.weir.firewall.address.AddressSet;
import io.weir.firewall.address.ClientAddress;
import org.jspecify.annotations.Nullable;

/**
 * Finds the client in the one header that a trusted peer is believed in: the rightmost address that
 * is not itself trusted. What stands left of it was written by the client and can be anything.
 */
final class ClientHeader {
  private static final String FORWARDED = "forwarded";
  private static final String X_FORWARDED_FOR = "x-forwarded-for";

  private ClientHeader() {}

  static ClientAddress client(
      RequestHead head, String header, AddressSet trusted, ClientAddress peer) {
    Fields fields = head.fields();
    ClientAddress leftmostTrusted = peer;
    for (int i = fields.count() - 1; i >= 0; i--) {
      if (!fields.isNamed(i, header)) {
        continue;
      }
      String[] hops = fields.text(i).split(",", -1);
      for (int hop = hops.length - 1; hop >= 0; hop--) {
        String text = header.equals(FORWARDED) ? forParameter(hops[hop]) : hops[hop].strip();
        ClientAddress address = address(text);
        if (address == null) {
          return leftmostTrusted; // unreadable: nothing left of it can be believed
        }
        if (!trusted.contains(address)) {
          return address;
        }
        leftmostTrusted = address;
      }
    }
    return leftmostTrusted;
  }

  /**
   * Takes out what a stranger wrote in the place of a trusted peer: whoever reads it behind us
   * would believe it. The usual names are replaced anyway.
   */
  static void withholdFrom(Fields fields, String header) {
    if (header.equals(X_FORWARDED_FOR)) {
      return;
    }
    for (int i = 0; i < fields.count(); i++) {
      if (fields.isNamedAlike(i, header)) {
        fields.withhold(i);
      }
    }
  }

  /** The {@code for=} of one element of Forwarded (RFC 7239 section 4), without its quotes. */
  private static String forParameter(String element) {
    for (String pair : element.split(";", -1)) {
      String stripped = pair.strip();
      if (stripped.regionMatches(true, 0, "for=", 0, 4)) {
        String value = stripped.substring(4);
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
      }
    }
    return "";
  }

  /** An address, in brackets or with a port or both. */
  private static @Nullable ClientAddress address(String text) {
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      return end < 0 ? null : ClientAddress.parse(text.substring(1, end));
    }
    int colon = text.indexOf(':');
    boolean v4WithPort = colon >= 0 && colon == text.lastIndexOf(':');
    return ClientAddress.parse(v4WithPort ? text.substring(0, colon) : text);
  }
}
