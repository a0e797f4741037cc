package io.weir.core.testkit;

import io.weir.tls.CertificatePem;
import io.weir.tls.KeyPairLoader;
import io.weir.tls.LoadedCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The real openssl: certificates for tests, and a TLS client that is not Java's. */
public final class Openssl {
  private static final String VALID_DAYS = "30";
  private static final Pattern HEX_DUMP =
      Pattern.compile("^ +[0-9a-f]{4} - ((?:[0-9a-f]{2}[ -]){1,16})");

  private Openssl() {}

  /** A certificate and its key, as PEM files. */
  public record CertificateFiles(Path certificate, Path key) {
    public String certificatePem() {
      return read(certificate);
    }

    public String keyPem() {
      return read(key);
    }
  }

  /** TLS as a server over a connection that stands. */
  static SSLSocket serverSide(Socket transport, CertificateFiles files) throws IOException {
    LoadedCertificate own =
        KeyPairLoader.load(
                new CertificatePem(files.certificatePem(), files.keyPem()), Instant.now())
            .certificate();
    char[] password = new char[0];
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, password);
      store.setKeyEntry("own", own.key(), password, own.chain().toArray(X509Certificate[]::new));
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      SSLSocket tls =
          (SSLSocket) context.getSocketFactory().createSocket(transport, null, 0, false);
      tls.setUseClientMode(false);
      return tls;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A new authority. */
  public static CertificateFiles authority(Path folder, String commonName) {
    CertificateFiles files = files(folder, commonName);
    openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/CN=" + commonName,
        "-addext",
        "basicConstraints=critical,CA:TRUE",
        "-keyout",
        files.key().toString(),
        "-out",
        files.certificate().toString());
    return files;
  }

  /** A certificate for DNS names or IP addresses, signed by an authority. */
  public static CertificateFiles signed(Path folder, CertificateFiles authority, String... names) {
    return signed(folder, authority, VALID_DAYS, "", names);
  }

  /** The same, but only for a use: {@code clientAuth}, {@code serverAuth} or such. */
  public static CertificateFiles signedFor(
      String use, Path folder, CertificateFiles authority, String... names) {
    return signed(folder, authority, VALID_DAYS, "extendedKeyUsage=" + use + "\n", names);
  }

  /** The same, but its time is over since yesterday. */
  public static CertificateFiles expired(Path folder, CertificateFiles authority, String... names) {
    return signed(folder, authority, "-1", "", names);
  }

  private static CertificateFiles signed(
      Path folder, CertificateFiles authority, String days, String more, String... names) {
    CertificateFiles files = files(folder, names[0]);
    Path request = folder.resolve("request.pem");
    Path extensions = folder.resolve("extensions.conf");
    write(extensions, "subjectAltName=" + alternatives(names) + "\n" + more);
    openssl(
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=" + names[0],
        "-keyout",
        files.key().toString(),
        "-out",
        request.toString());
    openssl(
        "x509",
        "-req",
        "-days",
        days,
        "-in",
        request.toString(),
        "-CA",
        authority.certificate().toString(),
        "-CAkey",
        authority.key().toString(),
        "-CAcreateserial",
        "-extfile",
        extensions.toString(),
        "-out",
        files.certificate().toString());
    return files;
  }

  /** A certificate that vouches for itself. */
  public static CertificateFiles selfSigned(Path folder, String... names) {
    CertificateFiles files = files(folder, names[0]);
    openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/CN=" + names[0],
        "-addext",
        "subjectAltName=" + alternatives(names),
        "-keyout",
        files.key().toString(),
        "-out",
        files.certificate().toString());
    return files;
  }

  /** What {@code openssl s_client} prints, after sending the input. */
  public static String client(InetSocketAddress address, String input, String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "s_client",
                "-connect",
                address.getAddress().getHostAddress() + ":" + address.getPort()));
    all.addAll(List.of(arguments));
    Program.Run run = Program.find("openssl", "openssl").run(Wire.bytes(input), all);
    return run.stdout() + run.stderr();
  }

  /** The ticket in a session that {@link #client} wrote to a file by {@code -sess_out}. */
  public static byte[] ticket(Path session) {
    String text =
        Program.find("openssl", "openssl")
            .run(new byte[0], List.of("sess_id", "-noout", "-text", "-in", session.toString()))
            .output();
    String hex =
        text.lines()
            .map(HEX_DUMP::matcher)
            .filter(Matcher::find)
            .map(line -> line.group(1).replaceAll("[ -]", ""))
            .collect(Collectors.joining());
    return HexFormat.of().parseHex(hex);
  }

  private static String alternatives(String... names) {
    return Stream.of(names)
        .map(name -> (name.matches("[0-9.]+|.*:.*") ? "IP:" : "DNS:") + name)
        .collect(Collectors.joining(","));
  }

  private static CertificateFiles files(Path folder, String name) {
    String base = name.replaceAll("[^A-Za-z0-9.-]", "_");
    return new CertificateFiles(folder.resolve(base + ".pem"), folder.resolve(base + ".key"));
  }

  private static void openssl(String... arguments) {
    Program.find("openssl", "openssl").run(new byte[0], List.of(arguments)).output();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
