package io.weir.core.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What has come over the network and was not read yet, as the system tells it. */
public final class Arrivals {
  private Arrivals() {}

  /** Bytes of a client that wait at this address. */
  public static long at(InetSocketAddress address, ByteClient client) {
    String local = ":%04X".formatted(address.getPort());
    String remote = ":%04X".formatted(client.localAddress().getPort());
    return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
        .map(Path::of)
        .filter(Files::exists)
        .flatMap(Arrivals::rows)
        .filter(row -> row[1].endsWith(local) && row[2].endsWith(remote))
        .mapToLong(row -> Long.parseLong(row[4].substring(row[4].indexOf(':') + 1), 16))
        .sum();
  }

  /** Behind the headings: a number, the address, the peer, a state, what waits each way. */
  private static Stream<String[]> rows(Path table) {
    try {
      return Files.readAllLines(table).stream().skip(1).map(line -> line.strip().split("\\s+"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
