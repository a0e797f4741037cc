import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

public class Crash_261d70a6b6b24444f270e56a08bd72b81006201c {
  static final String base64Bytes = String.join("", "SFRUUC8xLjAgMjAwIE9LDQoNCnVudGlsIHRoZSBlbmQ=");

  public static void main(String[] args) throws Throwable {
    Crash_261d70a6b6b24444f270e56a08bd72b81006201c.class
        .getClassLoader()
        .setDefaultAssertionStatus(true);
    try {
      Method fuzzerInitialize =
          io.weir.core.http1.Http1FuzzTest.class.getMethod("fuzzerInitialize");
      fuzzerInitialize.invoke(null);
    } catch (NoSuchMethodException ignored) {
      try {
        Method fuzzerInitialize =
            io.weir.core.http1.Http1FuzzTest.class.getMethod("fuzzerInitialize", String[].class);
        fuzzerInitialize.invoke(null, (Object) args);
      } catch (NoSuchMethodException ignored1) {
      } catch (IllegalAccessException | InvocationTargetException e) {
        e.printStackTrace();
        System.exit(1);
      }
    } catch (IllegalAccessException | InvocationTargetException e) {
      e.printStackTrace();
      System.exit(1);
    }
    byte[] input = java.util.Base64.getDecoder().decode(base64Bytes);
    io.weir.core.http1.Http1FuzzTest.fuzzerTestOneInput(input);
  }
}
