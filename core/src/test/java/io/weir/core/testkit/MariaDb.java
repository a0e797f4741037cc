package io.weir.core.testkit;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A real MariaDB with data of its own, and its client. */
public final class MariaDb implements AutoCloseable {
  private final RealServer server;

  private MariaDb(RealServer server) {
    this.server = server;
  }

  /** A server that also speaks TLS, to which {@code root} may come without a password. */
  public static MariaDb start(Openssl.CertificateFiles identity) {
    Program install = Program.find("mariadb-install-db", "mariadb-server");
    RealServer.Setup setup =
        (folder, address) -> {
          List<String> common =
              new ArrayList<>(List.of("--no-defaults", "--datadir=" + folder + "/data"));
          if (System.getProperty("user.name").equals("root")) {
            common.add("--user=root");
          }
          List<String> first = new ArrayList<>(common);
          first.addAll(
              List.of(
                  "--auth-root-authentication-method=normal",
                  "--skip-test-db",
                  "--skip-name-resolve"));
          install.run(new byte[0], first).output();
          common.addAll(
              List.of(
                  "--bind-address=127.0.0.1",
                  "--port=" + address.getPort(),
                  "--socket=" + folder + "/mariadb.sock",
                  "--pid-file=" + folder + "/mariadb.pid",
                  "--skip-name-resolve",
                  "--ssl-cert=" + identity.certificate(),
                  "--ssl-key=" + identity.key()));
          return common;
        };
    return new MariaDb(RealServer.start(Program.find("mariadbd", "mariadb-server"), setup));
  }

  public InetSocketAddress address() {
    return server.address();
  }

  /** What the client prints for a statement, run through that address. */
  public static String run(InetSocketAddress through, String statement, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--no-defaults",
                "--protocol=tcp",
                "--host=127.0.0.1",
                "--port=" + through.getPort(),
                "--user=root",
                "--batch",
                "--skip-column-names"));
    arguments.addAll(List.of(options));
    return Program.find("mariadb", "mariadb-client")
        .run(Wire.bytes(statement), arguments)
        .output()
        .strip();
  }

  @Override
  public void close() {
    server.close();
  }
}
