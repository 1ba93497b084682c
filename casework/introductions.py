"""Names by which people introduce themselves or others in free words: 我叫张伟, 联系人：李娜, 业主王强, a signature."""

import re
from collections.abc import Iterator

from casework.surnames import ANY, DOUBTFUL, NO_NAMES, SURELY

_HAN = "\u3400-\u9fff"
_GIVEN = f"[{_HAN}×xX][ ]?[{_HAN}×xX]?"
_LABEL = (
    "姓名|名字|联系人|联络人|户主|投诉人|举报人|反映人|诉求人|申请人|申诉人|上访人|信访人|报料人|当事人|受害人|收件人|建议人|来信人|写信人|"
    "留言人|咨询人|求助人|署名|落款|签名|称呼"
)
_ROLE = (
    "本人|业主|居民|村民|租户|住户|租客|我是|市民|学生|家长|患者|儿子|女儿|父亲|母亲|丈夫|妻子|老公|老婆|爱人|弟弟|妹妹|哥哥|姐姐|孩子|小孩|老人|"
    "邻居|房东"
)
_NO_NAME = f"(?!{NO_NAMES})"
_ANOTHER = f"{_LABEL}|{_ROLE}"  # one introduction may follow upon another without a stop
_ENDS = f"(?=[^{_HAN}]|$|{_ANOTHER})"
_GOES_ON = f"(?=[^{_HAN}]|$|[男女是系住的向原家现今身电手出反]|先生|女士|{_ANOTHER})"
_DATE = r"[0-9年月日:./ \-]{0,24}"
_S = r"\s{0,3}"  # never without a bound: a text may be nothing but blanks
_NAME = f"(?P<it>{ANY} ?{_GIVEN})"
_CAREFUL = f"{_NO_NAME}(?P<it>{SURELY} ?{_GIVEN}|[{DOUBTFUL}][{_HAN}]{{2}})"

_PATTERNS = tuple(
    re.compile(written)
    for written in (
        rf"(?:我|本人|名|姓名|名字|小孩|儿子|女儿)叫做?{_S}{_NO_NAME}{_NAME}{_GOES_ON}",
        rf"我叫{_S}{_NO_NAME}(?P<it>{ANY}[{_HAN}]{{2}})",  # however it goes on
        rf"(?:{_LABEL}){_S}(?:[:为是叫]{_S})?{_NO_NAME}{_NAME}{_GOES_ON}",
        rf"(?:{_LABEL}){_S}[:为是叫]{_S}{_NO_NAME}(?P<it>{ANY}[{_HAN}]{{2}})",
        rf"(?:{_ROLE}){_S}(?::{_S})?{_CAREFUL}{_ENDS}",
        rf"(?:[。！!？?；;\s,.]|敬礼|谢谢){_CAREFUL}{_S}(?:电话|手机)?[:\s]{{0,3}}{_DATE}[。.!\s]{{0,3}}$",
    )
)


def introduced(reading: str) -> Iterator[tuple[int, int]]:
    """Spans of names in half-width text, which may overlap: an earlier one is the better reading."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(reading):
            start, end = match.span("it")
            yield start, start + len(reading[start:end].rstrip())
