# 한국어. 짧은 문장, 전문 용어 없이.

-pin = 비밀번호(券面事項入力補助用暗証番号, 카드 표면 정보용)

## 시작

start = 예방접종 증명서를 발급합니다.
    .do =
        마이넘버카드와 숫자 4자리 { -pin }를 준비해 주세요.
        ‘시작’을 눌러 주세요.
connecting = 준비하고 있습니다.
terms = 이용 약관을 읽어 주세요.
    .do = 동의하시면 다음으로 카드를 읽습니다.
terms-in-short = 요약하면 다음과 같습니다.
    .do =
        동의하시면 카드를 읽고 접종 기록을 조회합니다.
        인쇄된 증명서의 수수료는 돌려드리지 않습니다.
        이 기기에는 아무것도 남지 않습니다.
        약관 전문은 화면에 있으며 음성으로 읽지 않습니다.
second-screen = 이 기기의 화면이 다른 곳에서 열려 있습니다.
    .do = 매장 직원에게 알려 주세요.
without-agent = 이 기기는 지금 작동하지 않습니다.
    .do = 카드를 가져가시고 매장 직원에게 알려 주세요.

## 카드와 비밀번호

reader-not-ready = 카드 리더기를 기다리고 있습니다.
put-card = 마이넘버카드를 읽겠습니다.
    .do = 카드를 카드 리더기에 올려놓아 주세요.
card-does-not-answer = 카드가 응답하지 않습니다.
    .do = 카드를 뒤집어 다시 올려놓아 주세요. 마이넘버카드만 사용할 수 있습니다.
enter-pin = 숫자 4자리 { -pin }를 입력해 주세요. 앞으로 { $tries }번 입력할 수 있습니다.
    .do = 전자증명서 비밀번호와 다를 수 있습니다.
enter-pin-last = 숫자 4자리 { -pin }를 입력해 주세요. 마지막 한 번입니다.
    .do =
        틀리면 비밀번호가 잠깁니다.
        확실하지 않으면 취소하고 시구정촌 창구에서 확인해 주세요.
wrong-pin = 비밀번호가 틀렸습니다. 앞으로 { $tries }번 입력할 수 있습니다.
    .do = 숫자 4자리 { -pin }를 확인해 주세요.
wrong-pin-last = 비밀번호가 틀렸습니다. 한 번 남았습니다. 또 틀리면 잠깁니다.
    .do = 숫자 4자리 { -pin }를 확인해 주세요. 확실하지 않으면 취소해 주세요.
reading = 카드를 읽고 있습니다.
    .do = 카드를 움직이지 마세요.
take-card = 카드를 다 읽었습니다.
    .do = 카드를 가져가 주세요.
card-still-there = 카드가 리더기에 남아 있습니다.
    .do = 카드를 가져가 주세요.

## 선택

looking-up = 시구정촌에 조회하고 있습니다.
    .do = 잠시 기다려 주세요.
choose-municipality = 접종했을 때 어디에 사셨습니까?
    .do = 그때 살던 시·구·정·촌을 선택해 주세요.
names-are-shown = 여기부터는 화면으로만 안내합니다.
    .do = Esc 키를 누르면 돌아갑니다.
choose-kind = 어떤 증명서가 필요하십니까?
    .do = 사용할 곳에 따라 선택해 주세요.
preview = 이대로 인쇄됩니다.
    .do = 내용을 확인하고 맞으면 계속해 주세요.
choose-copies = 몇 부 인쇄할까요?
    .do = 부수를 선택해 주세요.
confirm = 이 내용으로 발급할까요?
another = 다른 증명서도 필요하십니까?
    .do = 필요 없으면 ‘종료’를 눌러 주세요.

## 결제

choose-payment = 결제 방법을 선택해 주세요.
put-in-coins = { $missing }엔을 더 내 주세요.
    .do = 동전을 넣어 주세요. 취소하면 넣은 돈을 돌려드립니다.
put-in-coins-exactly = { $missing }엔을 더 내 주세요. 거스름돈이 나오지 않습니다.
    .do = 동전으로 금액을 정확히 넣어 주세요. 취소하면 넣은 돈을 돌려드립니다.
present-payment-card = 수수료를 결제해 주세요.
    .do = 결제용 카드나 스마트폰을 결제기에 대 주세요.
checking-payment = 결제를 확인하고 있습니다.
    .do = 잠시 기다려 주세요.
change-owed = 거스름돈 중 { $owed }엔이 나오지 않았습니다.
    .do = 매장 직원에게 알려 주세요. 직원이 드립니다.
giving-change = 거스름돈이 나오고 있습니다.
    .do = 거스름돈을 가져가 주세요.
giving-back = 돈을 돌려드리고 있습니다.
    .do = 잊지 말고 가져가 주세요.
payment-device-gone = 결제기의 응답을 기다리고 있습니다.
    .do = 넣은 돈은 없어지지 않습니다. 잠시 기다려 주세요.
given-back = { $returned }엔을 돌려드렸습니다.
    .do = 잊지 말고 가져가 주세요.
not-given-back = { $owed }엔을 돌려드리지 못했습니다.
    .do = 매장 직원에게 알려 주세요. 직원이 드립니다.

## 발급

issuing = 증명서를 만들고 있습니다.
    .do = 잠시 기다려 주세요.
printing = 증명서를 인쇄하고 있습니다({ $copies }부).
    .do = 그대로 기다려 주세요.
take-paper = 인쇄가 끝났습니다({ $copies }부).
    .do = 증명서를 가져가 주세요.
paper-still-there = 증명서가 프린터에 남아 있습니다.
    .do = 증명서를 가져가 주세요.

## 마침

done = 이용해 주셔서 감사합니다.
    .do = 카드와 증명서를 잊지 마세요.
cancelled = 취소했습니다.
    .do = 카드를 잊지 마세요.
cancelled-next-free = 취소했습니다. 증명서는 인쇄하지 않았습니다.
    .do = 다음에 발급할 때 수수료는 없습니다. 카드를 잊지 마세요.
time-over = 조작이 없어 종료했습니다.
    .do = 카드를 잊지 마세요. 처음부터 다시 할 수 있습니다.
session-too-long = 카드를 읽은 뒤 시간이 많이 지나 종료했습니다.
    .do = 처음부터 다시 할 수 있습니다.
reader-out-of-service = 카드 리더기를 사용할 수 없습니다.
    .do = 매장 직원에게 알려 주세요.
no-card = 카드가 놓이지 않았습니다.
    .do = 처음부터 다시 할 수 있습니다.
card-taken-too-early = 읽는 도중에 카드가 떨어졌습니다.
    .do = 처음부터 다시 하고, 안내가 나올 때까지 카드를 움직이지 마세요.
not-a-my-number-card = 이 카드는 마이넘버카드로 읽을 수 없습니다.
    .do = 마이넘버카드를 사용해 주세요.
card-cannot-be-used = 이 카드는 여기에서 사용할 수 없습니다.
    .do = 카드를 가지고 시구정촌 창구에 문의해 주세요.
card-try-again = 카드를 읽지 못했습니다.
    .do = 다시 해 주세요. 계속 안 되면 시구정촌 창구에 문의해 주세요.
card-forgotten = 카드를 가져가지 않아 종료했습니다.
    .do = 카드를 가져가 주세요. 처음부터 다시 할 수 있습니다.
card-left = 리더기 위에 카드가 있습니다.
    .do = 본인의 카드이면 가져가 주세요. 아니면 매장 직원에게 전해 주세요.
pin-incorrect = 비밀번호가 틀렸습니다({ $tries }번 남음).
    .do = 숫자 4자리 { -pin }를 확인해 주세요.
pin-locked = { -pin }가 잠겨 있습니다.
    .do = 시구정촌 창구에서 비밀번호 초기화를 신청해 주세요.
ask-the-counter = 여기에서는 발급할 수 없습니다.
    .do = 접종했을 때 살던 시구정촌의 창구에 문의해 주세요.
passport-missing = 해외용 증명서는 여권 등록이 필요합니다.
    .do = 앱이나 시구정촌 창구에서 등록해 주세요. 일본 국내용은 발급할 수 있습니다.
not-offered = 선택한 증명서는 여기에서 발급하지 않습니다.
    .do = 처음부터 다시 선택해 주세요.
municipality-not-taking-part = 이 시구정촌은 이 기기로 발급하지 않습니다.
    .do = 시구정촌 창구에 문의해 주세요.
municipality-closed = 지금은 이 시구정촌의 접수 시간이 아닙니다.
    .do = 접수 시간에 다시 와 주세요.
fee-changed = 수수료가 바뀌어 발급하지 않았습니다.
    .do = 처음부터 다시 해 주세요.
start-again = 계속할 수 없습니다. 발급하지 않았습니다.
    .do = 처음부터 다시 해 주세요.
try-later = 지금은 이용할 수 없습니다.
    .do = 잠시 후 다시 해 주세요.
cannot-look-up-now = 지금은 접종 기록을 확인할 수 없습니다. 기록이 없다는 뜻은 아닙니다.
    .do = 잠시 후 다시 해 주세요.
kiosk-out-of-service = 이 기기는 지금 사용할 수 없습니다.
    .do = 매장 직원에게 알려 주세요.
payment-declined = 결제하지 못했습니다. 발급하지 않았습니다.
    .do = 처음부터 다시 하고 다른 방법으로 결제해 주세요.
payment-out-of-service = 결제기를 사용할 수 없습니다. 발급하지 않았습니다.
    .do = 매장 직원에게 알려 주세요.
money-owed = 돌려드리지 못한 돈이 있습니다. 발급하지 않았습니다.
    .do = 매장 직원에게 알려 주세요. 직원이 드립니다.
printer-out-of-service = 프린터를 사용할 수 없어 증명서를 발급할 수 없습니다.
    .do = 매장 직원에게 알려 주세요.
paper-out = 프린터에 용지가 없어 증명서를 발급할 수 없습니다.
    .do = 매장 직원에게 알려 주세요.
issued-not-printed = 증명서를 인쇄하지 못했습니다.
    .do = 매장 직원에게 알려 주세요. 다시 발급할 때 수수료는 없습니다.
issued-not-printed-not-reported = 증명서를 인쇄하지 못했고, 이를 알리지도 못했습니다.
    .do = 매장 직원에게 이 번호를 알려 주세요.
may-still-print = 인쇄가 멈추었는지 확인하지 못했습니다.
    .do = 증명서가 나중에 나올 수 있습니다. 자리를 뜨지 말고 매장 직원에게 이 번호를 알려 주세요.
order-uncertain = 발급 응답이 오지 않았습니다. 인쇄하지 않았습니다.
    .do = 매장 직원에게 이 번호를 알려 주세요.

## 버튼 등

begin = 시작
agree = 동의함
decline = 동의하지 않음
enter = 확인
erase = 지우기
cancel = 취소
back = 뒤로
go-on = 계속
finish = 종료
try-again = 다시 하기
issue-this = 이대로 발급
another-municipality = 다른 시구정촌
another-certificate = 다른 증명서도 발급
to-the-start = 처음으로
paper-taken = 가져갔습니다
more-time = 시간 연장
seconds-left = { $seconds }초 남음

bar-language = 언어 · Language
bar-repeat = 다시 듣기
bar-volume-up = 소리 크게
bar-volume-down = 소리 작게
bar-larger-text = 글자 크게
bar-contrast = 색 대비 높이기
bar-help = 도움말
close = 닫기
star-for-keys = 키패드 사용법을 들으려면 * 키를 누르세요.
this-language = 한국어로
keys = 숫자 키패드 사용법입니다.
    .do =
        숫자 키로 고르고 Enter 키로 확인합니다.
        다시 듣기는 * 키, 다음 내용은 0 키입니다.
        소리 크게는 + 키, 작게는 - 키입니다.
        시간 연장은 . 키, 취소는 Esc 키입니다.
        언어는 / 키를 누른 뒤 1이 일본어, 3이 영어입니다.
time-soon = 20초 남았습니다.
    .do = 시간을 늘리려면 . 키를 누르세요.

own-municipality = 카드 주소의 시구정촌
by-prefecture = 도도부현으로 찾기
by-kana = 일본어 가나로 찾기
by-name = 이름으로 찾기
next-ones = 더 보기
search = 시구정촌 이름 검색
hours = 접수 { $opens }–{ $closes }
any-hour = 24시간 접수
open-now = 접수 중
closed-now = 접수 시간 아님
fee-of = 수수료 { $fee }엔

abroad = 해외 및 일본 국내용
domestic = 일본 국내용
abroad-for = 외국에서 보여 줄 때. 여권 정보가 들어갑니다.
domestic-for = 일본 안에서만 사용할 때.
for-fee = { $fee }엔
no-fee = 수수료 없음
doses = 접종 { $doses }회
doses-in-code = 접종 { $doses }회(QR코드에는 최근 { $coded }회)
passport-needed = 여권 등록이 필요합니다. 앱이나 시구정촌 창구에서 등록할 수 있습니다.
chosen-municipality = 발급하는 시구정촌: { $municipality }
specimen = 견본
copies-count = { $copies }부
total = 합계 { $total }엔
pay-at-the-store = 계산대에서 결제
pay-with-coins = 동전으로 결제
pay-cashless = 카드나 스마트폰으로 결제

## 화면이 없는 단말기

agreed-in-advance = 동의함(--agree)
ask-agree = 동의하십니까
ask-pin = { -pin }, 숫자 4자리, 표시되지 않음
pin-is-four-digits = 숫자 4자리로 입력해 주세요. 카드에는 아무것도 보내지 않았습니다.
answer-y-or-n = y 또는 n으로 답해 주세요.
ask-municipality-code = 시구정촌 코드(6자리)
code-from-the-list = 위 목록의 6자리 코드를 입력해 주세요.
ask-kind = 1 해외 및 일본 국내용 / 2 일본 국내용 / 3 다른 시구정촌 / 0 취소
answer-0-to-3 = 0에서 3까지의 숫자로 답해 주세요.
ask-payment = 결제 방법(번호)
ask-issue = 발급할까요
ask-pin-again = 다시 입력할까요
ask-another-municipality = 다른 시구정촌에 조회할까요
ask-another-certificate = 다른 증명서도 발급할까요
