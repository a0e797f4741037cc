package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.Proxy;
import io.weir.core.StartException;
import io.weir.core.config.ConfigError;
import io.weir.core.config.HttpProtocol;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.SocketMode;
import io.weir.core.config.UnixPath;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.UnixClient;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.metrics.Metrics;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file that a listener's Unix socket is: when it comes, who may use it, when it goes. */
@Timeout(120)
class SocketFileStories extends Stories {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private Path socket;

  @BeforeEach
  void namesTheSocket() {
    socket = folder.resolve("front.sock");
  }

  private static ListenerConfig on(Path socket, SocketMode mode) {
    return new ListenerConfig(
        List.of(new UnixPath(socket.toString())),
        mode,
        new ListenerConfig.Http(),
        List.of(HttpProtocol.HTTP_1_1),
        false,
        null);
  }

  private static ProxySetup serves(ByteBackend backend, Path socket, SocketMode mode) {
    return proxy().app(backend).listens(ProxySetup.WEB, on(socket, mode));
  }

  private ProxySetup serves(ByteBackend backend) {
    return serves(backend, socket, SocketMode.DEFAULT);
  }

  private void answers(Path at) {
    try (UnixClient client = UnixClient.connect(at)) {
      assertThat(client.sends(GET).receivesUpTo("hello")).startsWith("HTTP/1.1 200 OK");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static Object identity(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private String refusal(ProxySetup setup) {
    Metrics metrics = new Metrics(1);
    try (Proxy started = Proxy.start(setup.config(), metrics, Proxy.Logs.NONE)) {
      throw new AssertionError("it started");
    } catch (StartException e) {
      assertThat(e.address()).isEqualTo(UnixDomainSocketAddress.of(socket));
      return String.valueOf(e.reason());
    }
  }

  @Test
  void theSocketIsThereWhileTheListenerIs() throws IOException {
    WeirUnderTest weir = starts(serves(backend(Script.answers(OK))));
    answers(socket);
    assertThat(permissions(socket)).isEqualTo("rw-rw----");
    weir.drain(PATIENCE);
    assertThat(socket).doesNotExist();
  }

  @Test
  void permissionsAreThoseThatAreWrittenAndChangeWithThem() throws IOException {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(serves(backend, socket, SocketMode.parse("0600")));
    Object before = identity(socket);
    assertThat(permissions(socket)).isEqualTo("rw-------");
    assertThat(weir.apply(serves(backend, socket, SocketMode.parse("0666")).config())).isEmpty();
    assertThat(permissions(socket)).isEqualTo("rw-rw-rw-");
    assertThat(identity(socket)).isEqualTo(before);
  }

  @Test
  void aReloadKeepsTheSocketAndItsConnections() throws IOException {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(serves(backend));
    UnixClient client = keeps(UnixClient.connect(socket));
    client.sends(GET).receivesUpTo("hello");
    Object before = identity(socket);
    assertThat(weir.apply(serves(backend).listens("more").config())).isEmpty();
    assertThat(identity(socket)).isEqualTo(before);
    assertThat(client.sends(GET).receivesUpTo("hello")).startsWith("HTTP/1.1 200 OK");
    answers(socket);
  }

  @Test
  void aReloadBringsSocketsAndTakesThemAway() {
    ByteBackend backend = backend(Script.answers(OK));
    Path next = folder.resolve("next.sock");
    WeirUnderTest weir = starts(serves(backend));
    assertThat(weir.apply(serves(backend, next, SocketMode.DEFAULT).config())).isEmpty();
    answers(next);
    assertThat(socket).doesNotExist();
    assertThat(weir.apply(serves(backend).config())).isEmpty();
    answers(socket);
    assertThat(next).doesNotExist();
  }

  @Test
  void aReloadThatCannotHaveASocketChangesNothing() {
    ByteBackend backend = backend(Script.answers(OK));
    Path nowhere = folder.resolve("missing/front.sock");
    WeirUnderTest weir = starts(serves(backend));
    List<ConfigError> errors = weir.apply(serves(backend, nowhere, SocketMode.DEFAULT).config());
    assertThat(errors).hasSize(1);
    assertThat(errors.getFirst().path()).isEqualTo("listeners.web.bind");
    assertThat(errors.getFirst().message())
        .startsWith("unix:" + nowhere + ": ")
        .contains("No such file or directory");
    answers(socket);
  }

  @Test
  void whatADeadProcessLeftIsReplaced() throws IOException {
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket));
    }
    assertThat(socket).exists();
    starts(serves(backend(Script.answers(OK))));
    answers(socket);
  }

  @Test
  void aSocketThatAnotherServesIsLeftAlone() throws IOException {
    WeirUnderTest first = starts(serves(backend(Script.answers(OK))));
    Object before = identity(socket);
    assertThat(refusal(serves(backend(Script.answers(OK))))).contains("Address already in use");
    assertThat(identity(socket)).isEqualTo(before);
    answers(socket);
    first.drain(PATIENCE);
    assertThat(socket).doesNotExist();
  }

  @Test
  void aFileThatIsNoSocketIsLeftAlone() throws IOException {
    Files.writeString(socket, "precious");
    assertThat(refusal(serves(backend(Script.answers(OK)))))
        .isEqualTo("there is a file that is not a socket");
    assertThat(socket).hasContent("precious");
  }

  @Test
  void aSocketThatAnotherPutInOursPlaceIsNotTakenAway() throws IOException {
    WeirUnderTest weir = starts(serves(backend(Script.answers(OK))));
    Files.delete(socket); // while it is open: no other file can be the same
    try (ServerSocketChannel successor = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      successor.bind(UnixDomainSocketAddress.of(socket));
      weir.drain(PATIENCE);
      assertThat(socket).exists();
    }
  }

  @Test
  void aFolderThatIsMissingIsToldOf() {
    socket = folder.resolve("missing/front.sock");
    assertThat(refusal(serves(backend(Script.answers(OK))))).contains("No such file or directory");
  }

  @Test
  void theLongestPathThatIsTakenCanBeBound() {
    socket = folder.resolve("x".repeat(106 - folder.toString().length() - 1));
    starts(serves(backend(Script.answers(OK))));
    answers(socket);
  }
}
