package io.weir.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.daemon.cli.AdminAddress;
import io.weir.daemon.cli.AdminClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the endpoint listens, and for whom. */
class AdminSocketTest extends AdminEndpoint {
  @TempDir private Path folder;

  @Test
  void nobodyElsesAddressIsListenedOn() {
    for (String address : List.of("0.0.0.0", "192.0.2.1", "::")) {
      assertThatThrownBy(() -> server.bind(new InetSocketAddress(address, 0)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not a loopback address");
    }
  }

  @Test
  void theSocketServesItsOwnerWhateverTheHostAndGoesWithTheServer() throws IOException {
    Path socket = folder.resolve("admin.sock");
    server.bind(socket);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-rw----");
    AdminClient client = new AdminClient(new AdminAddress.Unix(socket));
    assertThat(client.get("/api/v1/status").text("version")).isEqualTo("1.0");
    assertThat(client.post("/api/v1/reload").text("result")).isEqualTo("ok");
    server.close();
    assertThat(socket).doesNotExist();
  }

  @Test
  void aSocketThatAnotherServesIsLeftAloneAndADeadOneReplaced() throws IOException {
    Path socket = folder.resolve("admin.sock");
    server.bind(socket);
    assertThatThrownBy(() -> server.bind(socket)).hasMessage("Address already in use");

    Path dead = folder.resolve("dead.sock");
    try (var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(dead));
    }
    assertThat(dead).exists();
    server.bind(dead);
    AdminClient client = new AdminClient(new AdminAddress.Unix(dead));
    assertThat(client.get("/api/v1/status").status()).isEqualTo(200);
  }
}
