# 日本語。短く、敬語は「です・ます・ください」まで。
# 値: 何が起きたか、いま何をするところか。 .do: すること。 .spoken: 読み上げ用（書いたままでは聞きにくいとき）。

-pin = 券面事項入力補助用暗証番号

## はじめ

start = 予防接種証明書を発行します。
    .do =
        マイナンバーカードと、{ -pin }（4桁）をご用意ください。
        「はじめる」を押してください。
connecting = 準備しています。
terms = 利用規約をお読みください。
    .do = 同意すると、カードの読み取りに進みます。
terms-in-short = 規約のあらましです。
    .do =
        同意すると、カードを読み取り、接種記録を調べます。
        印刷できた証明書の手数料は、お返しできません。
        この端末には何も残りません。
        規約の全文は画面にあり、音声では読みません。
second-screen = この端末の画面は、別の場所で開いています。
    .do = 店舗の係員にお知らせください。
without-agent = この端末は、いま動いていません。
    .do = カードを取って、店舗の係員にお知らせください。

## カードと暗証番号

reader-not-ready = カードリーダーの準備を待っています。
put-card = マイナンバーカードを読み取ります。
    .do = カードをカードリーダーに置いてください。
card-does-not-answer = カードから応答がありません。
    .do = 向きを確かめて、置き直してください。マイナンバーカード以外は使えません。
enter-pin = { -pin }（4桁）を入力してください。あと{ $tries }回入力できます。
    .do = 電子証明書の暗証番号とは、別の番号のことがあります。
enter-pin-last = { -pin }（4桁）を入力してください。あと1回だけです。
    .do =
        間違えるとロックされます。
        自信がないときは取り消して、市区町村の窓口でご確認ください。
    .spoken = { -pin }、4桁を入力してください。あと1回だけです。間違えるとロックされます。自信がないときは取り消して、市区町村の窓口でご確認ください。
wrong-pin = 暗証番号が違います。あと{ $tries }回入力できます。
    .do = { -pin }（4桁）をお確かめください。
wrong-pin-last = 暗証番号が違います。あと1回だけです。間違えるとロックされます。
    .do = { -pin }（4桁）をお確かめください。自信がないときは取り消してください。
reading = カードを読み取っています。
    .do = カードを動かさないでください。
take-card = 読み取りが終わりました。
    .do = カードをお取りください。
card-still-there = カードがリーダーに残っています。
    .do = カードをお取りください。

## 選ぶ

looking-up = 市区町村に問い合わせています。
    .do = そのままお待ちください。
choose-municipality = 接種したとき、どこに住んでいましたか。
    .do = そのときの市区町村を選んでください。
names-are-shown = ここからは画面だけのご案内です。
    .do = エスケープのキーで前に戻ります。
choose-kind = どの証明書を発行しますか。
    .do = 使う場所で選んでください。
preview = このように印刷されます。
    .do = 内容を確かめて、よければ進んでください。
choose-copies = 何部印刷しますか。
    .do = 部数を選んでください。
    .spoken = なんぶ印刷しますか。部数を選んでください。
confirm = この内容で発行しますか。
another = ほかにも証明書を発行しますか。
    .do = 終わるときは「終わる」を押してください。

## 支払い

choose-payment = お支払い方法を選んでください。
put-in-coins = 手数料は、あと{ $missing }円です。
    .do = 硬貨を入れてください。取り消すと、入れたお金は戻ります。
    .spoken = 硬貨を入れてください。取り消すと、入れたお金は戻ります。残りは、
put-in-coins-exactly = 手数料は、あと{ $missing }円です。おつりは出ません。
    .do = 硬貨をちょうど入れてください。取り消すと、入れたお金は戻ります。
    .spoken = おつりは出ません。硬貨をちょうど入れてください。取り消すと、入れたお金は戻ります。残りは、
present-payment-card = 手数料をお支払いください。
    .do = 支払い用のカードかスマートフォンを、支払い機にかざしてください。
checking-payment = お支払いを確認しています。
    .do = そのままお待ちください。
change-owed = おつりのうち{ $owed }円が出ませんでした。
    .do = 店舗の係員にお知らせください。係員がお渡しします。
    .spoken = おつりの一部が出ませんでした。店舗の係員にお知らせください。係員がお渡しします。足りないのは、
giving-change = おつりをお出ししています。
    .do = おつりをお取りください。
giving-back = お金をお返ししています。
    .do = お忘れなくお取りください。
payment-device-gone = 支払い機の応答を待っています。
    .do = 入れたお金はなくなりません。そのままお待ちください。
given-back = { $returned }円をお返ししました。
    .do = お忘れなくお取りください。
    .spoken = お金をお返ししました。お忘れなくお取りください。お返ししたのは、
not-given-back = { $owed }円をお返しできませんでした。
    .do = 店舗の係員にお知らせください。係員がお返しします。
    .spoken = お返しできなかったお金があります。店舗の係員にお知らせください。係員がお返しします。その額は、

## 発行

issuing = 証明書を作成しています。
    .do = そのままお待ちください。
printing = 証明書を印刷しています（{ $copies }部）。
    .do = そのままお待ちください。
take-paper = 印刷が終わりました（{ $copies }部）。
    .do = 証明書をお取りください。
paper-still-there = 証明書がプリンターに残っています。
    .do = 証明書をお取りください。

## 終わり

done = ご利用ありがとうございました。
    .do = カードと証明書をお忘れなく。
cancelled = 手続きを取り消しました。
    .do = カードをお忘れなく。
cancelled-next-free = 取り消しました。証明書は印刷していません。
    .do = 次に発行するとき、手数料はかかりません。カードをお忘れなく。
time-over = 操作がなかったため、終了しました。
    .do = カードをお忘れなく。もう一度はじめからどうぞ。
session-too-long = カードの読み取りから時間がたったため、終了しました。
    .do = もう一度はじめからどうぞ。
reader-out-of-service = カードリーダーが使えません。
    .do = 店舗の係員にお知らせください。
no-card = カードが置かれませんでした。
    .do = もう一度はじめからどうぞ。
card-taken-too-early = 読み取りの途中でカードが外れました。
    .do = もう一度はじめから、案内があるまでカードを動かさないでください。
not-a-my-number-card = このカードはマイナンバーカードとして読み取れません。
    .do = マイナンバーカードでお試しください。
card-cannot-be-used = このカードではお手続きできません。
    .do = カードをお持ちになり、市区町村の窓口でお尋ねください。
card-try-again = カードを読み取れませんでした。
    .do = もう一度お試しください。続くときは市区町村の窓口へ。
card-forgotten = カードが取られなかったため、終了しました。
    .do = カードをお取りください。もう一度はじめからどうぞ。
pin-incorrect = 暗証番号が違います（残り{ $tries }回）。
    .do = { -pin }（4桁）をお確かめください。
pin-locked = { -pin }がロックされています。
    .do = 市区町村の窓口で、暗証番号の初期化をお申し出ください。
ask-the-counter = こちらでは発行できません。
    .do = 接種時にお住まいだった市区町村の窓口でお尋ねください。
passport-missing = 海外用の証明書には、旅券の登録が必要です。
    .do = アプリか市区町村の窓口で登録してください。日本国内用は発行できます。
not-offered = 選ばれた証明書は、ここでは発行されません。
    .do = もう一度はじめからお選びください。
municipality-not-taking-part = この市区町村は、この端末での発行に参加していません。
    .do = 市区町村の窓口でお尋ねください。
municipality-closed = この市区町村の受付時間外です。
    .do = 受付時間内にもう一度お越しください。
fee-changed = 手数料が変わったため、発行していません。
    .do = もう一度はじめからどうぞ。
start-again = 手続きを続けられませんでした。発行していません。
    .do = もう一度はじめからどうぞ。
try-later = ただいま利用できません。
    .do = しばらくしてからもう一度お試しください。
cannot-look-up-now = ただいま接種記録を確認できません。記録がないという意味ではありません。
    .do = しばらくしてからもう一度お試しください。
kiosk-out-of-service = この端末は、ただいまご利用いただけません。
    .do = 店舗の係員にお知らせください。
printer-out-of-service = プリンターが使えないため、証明書を発行できません。
    .do = 店舗の係員にお知らせください。
paper-out = プリンターの用紙がないため、証明書を発行できません。
    .do = 店舗の係員にお知らせください。
issued-not-printed = 証明書を印刷できませんでした。
    .do = 店舗の係員にお知らせください。もう一度の発行に手数料はかかりません。
issued-not-printed-not-reported = 証明書を印刷できず、その連絡もできませんでした。
    .do = 店舗の係員にこの番号をお知らせください。
order-uncertain = 発行の返事が届きませんでした。印刷はしていません。
    .do = 店舗の係員にこの番号をお知らせください。
payment-declined = お支払いができませんでした。発行していません。
    .do = もう一度はじめから、別の方法でお支払いください。
payment-out-of-service = 支払い機が使えないため、発行していません。
    .do = 店舗の係員にお知らせください。
money-owed = お返しできなかったお金があります。発行していません。
    .do = 店舗の係員にお知らせください。係員がお返しします。

## ボタンなど

begin = はじめる
agree = 同意する
decline = 同意しない
enter = 決定
erase = 消す
cancel = 取り消す
back = 戻る
go-on = 進む
finish = 終わる
try-again = もう一度
issue-this = この内容で発行
another-municipality = ほかの市区町村
another-certificate = ほかの証明書も発行
to-the-start = はじめに戻る
paper-taken = 受け取りました
more-time = 時間を延ばす
seconds-left = あと{ $seconds }秒

bar-language = ことば・Language
bar-repeat = もう一度聞く
bar-volume-up = 音を大きく
bar-volume-down = 音を小さく
bar-larger-text = 文字を大きく
bar-contrast = 色をはっきり
bar-help = 困ったとき
close = 閉じる
star-for-keys = テンキーの使い方は、アスタリスクを押してください。
this-language = 日本語で
keys = テンキーの使い方です。
    .do =
        数字のキーで選び、エンターで決定します。
        アスタリスクで、もう一度聞けます。ゼロで、続きに進みます。
        プラスで音が大きく、マイナスで小さくなります。
        点のキーで時間を延ばし、エスケープで取り消します。
        斜線のあとに、1で日本語、3で英語になります。
time-soon = あと20秒で終わります。
    .do = 点のキーを押すと、時間を延ばせます。

own-municipality = カードの住所の市区町村
by-prefecture = 都道府県から
by-kana = 五十音から
by-name = 名前から
next-ones = ほかの候補
search = 市区町村の名前をさがす
hours = 受付 { $opens }〜{ $closes }
any-hour = 終日受付
open-now = 受付中
closed-now = 受付時間外
fee-of = 手数料 { $fee }円

abroad = 海外用及び日本国内用
domestic = 日本国内用
abroad-for = 外国で見せるとき。旅券の情報が入ります。
domestic-for = 日本の中だけで使うとき。
for-fee = { $fee }円
no-fee = 手数料なし
doses = 接種{ $doses }回分
doses-in-code = 接種{ $doses }回分（二次元コードには新しい{ $coded }回分）
passport-needed = 旅券の登録が必要です。アプリか市区町村の窓口で登録できます。
chosen-municipality = 発行する市区町村: { $municipality }
specimen = 見本
copies-count = { $copies }部
total = 合計 { $total }円
pay-at-the-store = レジで支払う
pay-with-coins = 硬貨で支払う
pay-cashless = カードやスマートフォンで支払う

## 端末での操作（画面がないとき）

agreed-in-advance = 同意済み（--agree）
ask-agree = 同意しますか
ask-pin = { -pin }（4桁、表示されません）
pin-is-four-digits = 数字4桁で入力してください。カードには照会していません。
answer-y-or-n = y か n で答えてください。
ask-municipality-code = 市区町村コード（6桁）
code-from-the-list = 一覧にある6桁のコードを入力してください。
ask-kind = 1 海外用及び日本国内用 / 2 日本国内用 / 3 別の市区町村 / 0 取消
answer-0-to-3 = 0 から 3 の数字で答えてください。
ask-payment = お支払い方法（番号）
ask-issue = 発行しますか
ask-pin-again = もう一度入力しますか
ask-another-municipality = 別の市区町村に尋ねますか
ask-another-certificate = 続けて発行しますか
