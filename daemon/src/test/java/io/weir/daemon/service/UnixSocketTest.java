package io.weir.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.daemon.admin.ReloadResult;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon whose listener is a Unix socket, as a file asks for it. */
@Timeout(60)
class UnixSocketTest {
  private static final String FORM =
      """
      version: 1
      trusted_proxies: [unix]
      listeners:
        web:
          bind: [unix:%1$s, "127.0.0.1:0"]
          socket_mode: %2$s
      firewall:
        rules:
          - { name: known, match: { ip: 192.0.2.7 }, action: { deny: 418 } }
      routes: [{ respond: { status: 200, body: "hello" } }]
      admin: { bind: "127.0.0.1:0" }
      """;

  @TempDir private Path folder;

  private static String asks(Path socket, String headers) throws IOException {
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      String request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + headers + "\r\n";
      client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer all = ByteBuffer.allocate(10_000);
      while (client.read(all) >= 0) {
        // until it ends
      }
      return new String(all.array(), 0, all.position(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aFileMakesASocketAndChangesIt() throws Exception {
    Path socket = folder.resolve("web.sock");
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, FORM.formatted(socket, "0600"))) {
      assertThat(asks(socket, "")).startsWith("HTTP/1.1 200 ").endsWith("hello");
      assertThat(asks(socket, "X-Forwarded-For: 192.0.2.7\r\n")).startsWith("HTTP/1.1 418 ");
      assertThat(weir.get("/").body()).isEqualTo("hello");
      assertThat(weir.page("/api/v1/status")).contains("unix:" + socket);
      assertThat(permissions(socket)).isEqualTo("rw-------");

      Files.writeString(weir.file(), FORM.formatted(socket, "0666"));
      assertThat(weir.daemon().operations().reload().get())
          .isInstanceOf(ReloadResult.Reloaded.class);
      assertThat(permissions(socket)).isEqualTo("rw-rw-rw-");

      Files.writeString(weir.file(), FORM.formatted(folder.resolve("no/web.sock"), "0666"));
      assertThat(weir.daemon().operations().reload().get())
          .asString()
          .contains("listeners.web.bind: unix:" + folder.resolve("no/web.sock") + ": ")
          .contains("No such file or directory");
      assertThat(asks(socket, "")).endsWith("hello");
    }
    assertThat(socket).doesNotExist();
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void aFolderThatIsMissingIsSaidAtTheStart() {
    Path socket = folder.resolve("no/web.sock");
    assertThatThrownBy(() -> DaemonUnderTest.start(folder, FORM.formatted(socket, "0600")).close())
        .isInstanceOf(CannotStart.class)
        .hasMessage("unix:" + socket + ": there is no folder " + socket.getParent());
  }
}
