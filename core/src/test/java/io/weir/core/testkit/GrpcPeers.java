package io.weir.core.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A real server of gRPC, and the client that calls it: those of the package @grpc/grpc-js. */
public final class GrpcPeers implements AutoCloseable {
  private static final Path SOURCES = Path.of("src", "test", "grpc");
  private static final Path INSTALLED = Path.of("target", "grpc").toAbsolutePath();

  private static boolean ready;

  private final RealServer server;

  private GrpcPeers(RealServer server) {
    this.server = server;
  }

  /** A server in plain text. */
  public static GrpcPeers serve() {
    return serve(List.of());
  }

  /** A server that speaks TLS. */
  public static GrpcPeers serve(Openssl.CertificateFiles identity) {
    return serve(List.of(identity.key().toString(), identity.certificate().toString()));
  }

  private static GrpcPeers serve(List<String> identity) {
    install();
    RealServer.Setup setup =
        (folder, address) -> {
          List<String> arguments = new ArrayList<>();
          arguments.add(INSTALLED.resolve("server.js").toString());
          arguments.add("127.0.0.1:" + address.getPort());
          arguments.addAll(identity);
          return arguments;
        };
    return new GrpcPeers(RealServer.start(Program.find("node", "nodejs"), setup));
  }

  /** Puts the package where the scripts find it, once. */
  private static synchronized void install() {
    if (ready) {
      return;
    }
    try (Stream<Path> sources = Files.list(SOURCES)) {
      Files.createDirectories(INSTALLED);
      for (Path source : sources.toList()) {
        Path copy = INSTALLED.resolve(source.getFileName());
        Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Program.find("npm", "npm")
        .run(
            new byte[0],
            List.of(
                "ci",
                "--prefix",
                INSTALLED.toString(),
                "--prefer-offline",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund"))
        .output();
    ready = true;
  }

  public InetSocketAddress address() {
    return server.address();
  }

  /** What the client says of the calls of a story, a line each. */
  public static List<String> call(InetSocketAddress through, String story) {
    return call(through, story, List.of());
  }

  /** The same over TLS, to a server that must prove that name. */
  public static List<String> call(
      InetSocketAddress through, String story, Path authority, String name) {
    return call(through, story, List.of(authority.toString(), name));
  }

  private static List<String> call(InetSocketAddress through, String story, List<String> trust) {
    install();
    List<String> arguments = new ArrayList<>();
    arguments.add(INSTALLED.resolve("client.js").toString());
    arguments.add("127.0.0.1:" + through.getPort());
    arguments.add(story);
    arguments.addAll(trust);
    byte[] said = Wire.bytes(Program.find("node", "nodejs").run(new byte[0], arguments).output());
    return new String(said, StandardCharsets.UTF_8).lines().toList();
  }

  /** What the server said so far. */
  public String said() {
    return server.read("out.log");
  }

  @Override
  public void close() {
    server.close();
  }
}
