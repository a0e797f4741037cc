package io.weir.daemon.cli;

import io.weir.core.config.HostPort;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --admin ADDRESS}. */
public final class AdminOption {
  private static final String UNIX = "unix:";

  @Option(
      names = "--admin",
      paramLabel = "ADDRESS",
      converter = Converter.class,
      description =
          "Where the running Weir listens for commands: HOST:PORT or unix:PATH; without it what"
              + " the configuration says, or 127.0.0.1:9717.")
  private @Nullable AdminAddress address;

  /** What was named, if anything was. */
  public @Nullable AdminAddress address() {
    return address;
  }

  static final class Converter implements ITypeConverter<AdminAddress> {
    @Override
    public AdminAddress convert(String text) {
      if (text.startsWith(UNIX)) {
        return new AdminAddress.Unix(Path.of(text.substring(UNIX.length())));
      }
      try {
        HostPort address = HostPort.parse(text);
        return new AdminAddress.Tcp(address.host(), address.port());
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
