# 简体中文。句子要短，不用术语。

-pin = 密码（券面事項入力補助用暗証番号，用于读取卡面信息）

## 开始

start = 在此领取疫苗接种证明书。
    .do =
        请准备好个人编号卡（My Number Card）和4位数字的{ -pin }。
        请按“开始”。
connecting = 正在准备。
terms = 请阅读使用条款。
    .do = 同意后，将读取您的卡。
terms-in-short = 简单来说：
    .do =
        同意后，将读取您的卡并查询接种记录。
        证明书印出后，手续费不予退还。
        本机不会留下您的任何信息。
        条款全文显示在画面上，没有语音朗读。
second-screen = 本机的画面已在别处打开。
    .do = 请告诉店员。
without-agent = 本机现在无法工作。
    .do = 请取回您的卡，并告诉店员。

## 卡和密码

reader-not-ready = 正在等待读卡器。
put-card = 接下来读取您的个人编号卡。
    .do = 请把卡放在读卡器上。
card-does-not-answer = 卡没有反应。
    .do = 请把卡翻面后重新放好。只能使用个人编号卡。
enter-pin = 请输入4位数字的{ -pin }。还可以输入{ $tries }次。
    .do = 它可能与电子证书的密码不同。
enter-pin-last = 请输入4位数字的{ -pin }。这是最后一次机会。
    .do =
        输错后密码将被锁定。
        如果没有把握，请取消，并到市区町村窗口确认。
wrong-pin = 密码错误。还可以输入{ $tries }次。
    .do = 请确认您的4位数字{ -pin }。
wrong-pin-last = 密码错误。只剩1次机会，输错后将被锁定。
    .do = 请确认您的4位数字{ -pin }。如果没有把握，请取消。
reading = 正在读取您的卡。
    .do = 请不要移动卡。
take-card = 读取完毕。
    .do = 请取回您的卡。
card-still-there = 您的卡还在读卡器上。
    .do = 请取回您的卡。

## 选择

looking-up = 正在向市区町村查询。
    .do = 请稍候。
choose-municipality = 接种疫苗时，您住在哪里？
    .do = 请选择当时居住的市、区、町或村。
names-are-shown = 以下内容只显示在画面上。
    .do = 按“Esc”键返回。
choose-kind = 您需要哪种证明书？
    .do = 请按使用地点选择。
preview = 将按此内容打印。
    .do = 请核对内容，无误后继续。
choose-copies = 需要打印几份？
    .do = 请选择份数。
confirm = 按此内容发行吗？
another = 还需要其他证明书吗？
    .do = 不需要时请按“结束”。

## 付款

choose-payment = 请选择付款方式。
put-in-coins = 还需支付{ $missing }日元。
    .do = 请投入硬币。取消时会退还您投入的钱。
put-in-coins-exactly = 还需支付{ $missing }日元。不找零。
    .do = 请投入刚好金额的硬币。取消时会退还您投入的钱。
present-payment-card = 请支付手续费。
    .do = 请把付款用的卡或手机靠近付款机。
checking-payment = 正在确认付款。
    .do = 请稍候。
change-owed = 有{ $owed }日元的零钱没有找出。
    .do = 请告诉店员，店员会交给您。
giving-change = 正在找零。
    .do = 请取走零钱。
giving-back = 正在退款。
    .do = 请不要忘记取走。
payment-device-gone = 正在等待付款机。
    .do = 您投入的钱不会丢失。请稍候。
given-back = 已退还{ $returned }日元。
    .do = 请不要忘记取走。
not-given-back = 有{ $owed }日元未能退还。
    .do = 请告诉店员，店员会退还给您。

## 发行

issuing = 正在制作证明书。
    .do = 请稍候。
printing = 正在打印证明书（{ $copies }份）。
    .do = 请在此等候。
take-paper = 打印完毕（{ $copies }份）。
    .do = 请取走您的证明书。
paper-still-there = 证明书还在打印机上。
    .do = 请取走您的证明书。

## 结束

done = 谢谢您的使用。
    .do = 请不要忘记您的卡和证明书。
cancelled = 已取消。
    .do = 请不要忘记您的卡。
cancelled-next-free = 已取消。证明书没有打印。
    .do = 下次发行不收手续费。请不要忘记您的卡。
time-over = 因长时间没有操作，已结束。
    .do = 请不要忘记您的卡。您可以重新开始。
session-too-long = 读卡后时间过长，已结束。
    .do = 您可以重新开始。
reader-out-of-service = 读卡器无法使用。
    .do = 请告诉店员。
no-card = 没有放置卡。
    .do = 您可以重新开始。
card-taken-too-early = 读取过程中卡被移开了。
    .do = 请重新开始，在提示取卡之前不要移动卡。
not-a-my-number-card = 无法作为个人编号卡读取此卡。
    .do = 请使用个人编号卡。
card-cannot-be-used = 此卡无法在这里使用。
    .do = 请带上此卡，到市区町村窗口咨询。
card-try-again = 未能读取卡。
    .do = 请再试一次。如仍不行，请到市区町村窗口咨询。
card-forgotten = 因未取回卡，已结束。
    .do = 请取回您的卡。您可以重新开始。
card-left = 读卡器上有一张卡。
    .do = 如果是您的，请取回。如果不是，请交给店员。
pin-incorrect = 密码错误（还剩{ $tries }次）。
    .do = 请确认您的4位数字{ -pin }。
pin-locked = { -pin }已被锁定。
    .do = 请到市区町村窗口办理密码重置。
ask-the-counter = 无法在此发行。
    .do = 请到接种疫苗时居住的市区町村的窗口咨询。
passport-missing = 海外用证明书需要事先登记护照。
    .do = 请通过应用程序或在市区町村窗口登记。可以发行日本国内用的证明书。
not-offered = 您选择的证明书不在此发行。
    .do = 请重新开始，另行选择。
municipality-not-taking-part = 该市区町村不通过本机发行。
    .do = 请到该市区町村的窗口咨询。
municipality-closed = 现在不在该市区町村的受理时间内。
    .do = 请在受理时间内再来。
fee-changed = 手续费已变更，因此没有发行。
    .do = 请重新开始。
start-again = 无法继续。没有发行。
    .do = 请重新开始。
try-later = 现在无法使用。
    .do = 请稍后再试。
cannot-look-up-now = 现在无法查询接种记录。这并不表示没有记录。
    .do = 请稍后再试。
kiosk-out-of-service = 本机现在无法使用。
    .do = 请告诉店员。
payment-declined = 付款未成功。没有发行。
    .do = 请重新开始，用其他方式付款。
payment-out-of-service = 付款机无法使用。没有发行。
    .do = 请告诉店员。
money-owed = 有未能退还的钱。没有发行。
    .do = 请告诉店员，店员会退还给您。
printer-out-of-service = 打印机无法使用，不能发行证明书。
    .do = 请告诉店员。
paper-out = 打印机没有纸，不能发行证明书。
    .do = 请告诉店员。
issued-not-printed = 未能打印证明书。
    .do = 请告诉店员。再次发行不收手续费。
issued-not-printed-not-reported = 未能打印证明书，也未能上报。
    .do = 请把此代码告诉店员。
may-still-print = 无法确认打印是否已停止。
    .do = 证明书可能稍后才会出来。请留在这里，并把此代码告诉店员。
order-uncertain = 没有收到发行的答复。没有打印。
    .do = 请把此代码告诉店员。

## 按钮等

begin = 开始
agree = 同意
decline = 不同意
enter = 确定
erase = 删除
cancel = 取消
back = 返回
go-on = 继续
finish = 结束
try-again = 再试一次
issue-this = 按此发行
another-municipality = 其他市区町村
another-certificate = 再发行一份其他证明书
to-the-start = 返回开始
paper-taken = 已取走
more-time = 延长时间
seconds-left = 还剩{ $seconds }秒

bar-language = 语言 · Language
bar-repeat = 再听一遍
bar-volume-up = 增大音量
bar-volume-down = 减小音量
bar-larger-text = 放大文字
bar-contrast = 增强对比
bar-help = 帮助
close = 关闭
star-for-keys = 按“*”键可听键盘的用法。
this-language = 使用中文
keys = 数字键盘的用法。
    .do =
        按数字键选择，按Enter键确定。
        按“*”再听一遍，按“0”看后面的内容。
        按“+”增大音量，按“-”减小音量。
        按“.”延长时间，按“Esc”取消。
        先按“/”，再按1为日语，按3为英语。
time-soon = 还剩20秒。
    .do = 按“.”键可以延长时间。

own-municipality = 卡上住址的市区町村
by-prefecture = 按都道府县
by-kana = 按日语假名
by-name = 按名称
next-ones = 更多
search = 搜索市区町村的名称
hours = 受理时间 { $opens }–{ $closes }
any-hour = 全天受理
open-now = 正在受理
closed-now = 不在受理时间
fee-of = 手续费 { $fee }日元

abroad = 海外及日本国内用
domestic = 日本国内用
abroad-for = 在国外出示时使用。含有护照信息。
domestic-for = 只在日本国内使用。
for-fee = { $fee }日元
no-fee = 免手续费
doses = 接种{ $doses }次
doses-in-code = 接种{ $doses }次（二维码中为最近{ $coded }次）
passport-needed = 需要先登记护照。可通过应用程序或在市区町村窗口登记。
chosen-municipality = 发行的市区町村：{ $municipality }
specimen = 样本
copies-count = { $copies }份
total = 共{ $total }日元
pay-at-the-store = 在收银台付款
pay-with-coins = 用硬币付款
pay-cashless = 用卡或手机付款

## 没有画面的终端

agreed-in-advance = 已同意（--agree）
ask-agree = 您同意吗
ask-pin = { -pin }，4位数字，不显示
pin-is-four-digits = 密码是4位数字。没有向卡发送任何内容。
answer-y-or-n = 请回答 y 或 n。
ask-municipality-code = 市区町村代码，6位数字
code-from-the-list = 请输入上面列出的6位代码。
ask-kind = 1 海外及日本国内用 / 2 日本国内用 / 3 其他市区町村 / 0 取消
answer-0-to-3 = 请用 0 到 3 的数字回答。
ask-payment = 付款方式（编号）
ask-issue = 发行吗
ask-pin-again = 再输入一次吗
ask-another-municipality = 查询其他市区町村吗
ask-another-certificate = 继续发行其他证明书吗
