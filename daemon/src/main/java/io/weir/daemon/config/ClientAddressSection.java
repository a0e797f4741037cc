package io.weir.daemon.config;

import io.weir.core.config.ClientAddressConfig;
import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Node;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code trusted_proxies:} and {@code client_ip_header:}. */
final class ClientAddressSection {
  /** Whoever comes by a Unix socket of ours. */
  private static final String UNIX = "unix";

  private static final Cidr NO_ADDRESS = Cidr.parse(ClientAddress.UNSPECIFIED.toString());

  private ClientAddressSection() {}

  static ClientAddressConfig read(Fields file) {
    List<Cidr> trusted = new ArrayList<>();
    Node proxies = file.get("trusted_proxies");
    if (proxies != null) {
      for (Node item : proxies.list()) {
        Cidr prefix =
            item.parsed(
                ClientAddressSection::proxy,
                "an address or a prefix, like 192.0.2.0/24, or unix: who comes by a Unix socket");
        if (prefix != null) {
          trusted.add(prefix);
        }
      }
    }
    Node header = file.get("client_ip_header");
    if (header != null && (proxies == null || proxies.list().isEmpty())) {
      header.warning(
          "client_ip_header is believed of nobody without trusted_proxies",
          "they are the addresses of the proxies in front of Weir");
    }
    ClientAddressConfig usual = ClientAddressConfig.DEFAULTS;
    return file.build(
        () -> new ClientAddressConfig(trusted, file.text("client_ip_header", usual.header())),
        usual);
  }

  private static Cidr proxy(String text) {
    return text.equals(UNIX) ? NO_ADDRESS : Cidr.parse(text);
  }
}
