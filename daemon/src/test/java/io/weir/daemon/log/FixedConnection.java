package io.weir.daemon.log;

import io.weir.core.http.Failure;
import io.weir.core.log.ConnectionRecord;
import io.weir.firewall.address.ClientAddress;
import java.util.Objects;

/** Relayed connections as a worker would describe them. */
final class FixedConnection {
  private static final long STARTED = 1_795_313_736_000_042L; // 2026-11-22T02:15:36.000042Z
  private static final ClientAddress CLIENT = address("192.0.2.7");
  private static final ClientAddress PEER = address("10.0.0.1");

  private FixedConnection() {}

  static ConnectionRecord ordinary() {
    return new ConnectionRecord(
        STARTED,
        CLIENT,
        PEER,
        17,
        1234,
        12_345_678,
        5_000,
        "db.example",
        "t13d1516h2_8daaf6152771_e5627efa2ab1",
        "database",
        "mariadb",
        "10.0.1.11:3306",
        2,
        null);
  }

  static ConnectionRecord sentAway() {
    return new ConnectionRecord(
        STARTED,
        CLIENT,
        CLIENT,
        0,
        0,
        1_000_000,
        -1,
        null,
        null,
        "database",
        "mariadb",
        null,
        0,
        Failure.NO_BACKEND);
  }

  private static ClientAddress address(String text) {
    return Objects.requireNonNull(ClientAddress.parse(text));
  }
}
