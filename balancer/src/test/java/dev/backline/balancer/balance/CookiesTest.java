package dev.backline.balancer.balance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CookiesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      ignoreLeadingAndTrailingWhitespace = true,
      textBlock =
          """
          'sid=a'               | a
          'sid=a; b=c'          | a
          'b=c; sid=a'          | a
          'b=c;sid=a'           | a
          '  b=c ;  sid = a  ;' | a
          'sid=a=b=='           | a=b==
          'sid="a b"'           | "a b"
          'sid='                | ''
          'sid=; sid=b'         | ''
          'sid=a; sid=b'        | a
          'xsid=a'              | none
          'sidx=a'              | none
          'SID=a'               | none
          'sid'                 | none
          'sid; sid=a'          | a
          '=sid'                | none
          ';;;'                 | none
          ''                    | none
          ' '                   | none
          'b=sid=a'             | none
          ';sid=a;'             | a
          """)
  void valueIsFoundInWhateverClientsSend(String header, String value) {
    assertThat(Cookies.value(header, "sid")).isEqualTo(value);
  }
}
