# Tiếng Việt. Câu ngắn, không dùng từ chuyên môn.

-pin = mã PIN (券面事項入力補助用暗証番号, dùng để đọc thông tin trên mặt thẻ)

## Bắt đầu

start = Nhận giấy chứng nhận tiêm chủng tại đây.
    .do =
        Bạn cần thẻ My Number và { -pin } gồm 4 chữ số.
        Hãy bấm “Bắt đầu”.
connecting = Đang chuẩn bị.
terms = Vui lòng đọc điều khoản sử dụng.
    .do = Nếu bạn đồng ý, máy sẽ đọc thẻ của bạn.
terms-in-short = Tóm tắt như sau.
    .do =
        Nếu bạn đồng ý, máy đọc thẻ và tra hồ sơ tiêm chủng của bạn.
        Lệ phí của giấy chứng nhận đã in không được hoàn lại.
        Máy này không giữ lại gì của bạn.
        Toàn văn có trên màn hình và không được đọc thành tiếng.
second-screen = Màn hình của máy này đang mở ở nơi khác.
    .do = Vui lòng báo cho nhân viên cửa hàng.
without-agent = Máy này hiện không hoạt động.
    .do = Vui lòng lấy thẻ và báo cho nhân viên cửa hàng.

## Thẻ và mã PIN

reader-not-ready = Đang chờ đầu đọc thẻ.
put-card = Tiếp theo máy sẽ đọc thẻ My Number của bạn.
    .do = Vui lòng đặt thẻ lên đầu đọc thẻ.
card-does-not-answer = Thẻ không phản hồi.
    .do = Vui lòng lật mặt thẻ và đặt lại. Chỉ dùng được thẻ My Number.
enter-pin = Nhập { -pin } gồm 4 chữ số. Bạn còn { $tries } lần nhập.
    .do = Mã này có thể khác với mã PIN của chứng thư điện tử.
enter-pin-last = Nhập { -pin } gồm 4 chữ số. Đây là lần cuối cùng.
    .do =
        Nếu nhập sai, mã PIN sẽ bị khóa.
        Nếu không chắc, hãy hủy và hỏi tại quầy của thành phố, quận nơi bạn ở.
wrong-pin = Mã PIN sai. Bạn còn { $tries } lần nhập.
    .do = Vui lòng kiểm tra { -pin } gồm 4 chữ số.
wrong-pin-last = Mã PIN sai. Chỉ còn 1 lần: nếu sai, mã PIN sẽ bị khóa.
    .do = Vui lòng kiểm tra { -pin } gồm 4 chữ số. Nếu không chắc, hãy hủy.
reading = Đang đọc thẻ của bạn.
    .do = Vui lòng không di chuyển thẻ.
take-card = Đã đọc xong thẻ.
    .do = Vui lòng lấy thẻ của bạn.
card-still-there = Thẻ của bạn vẫn còn trên đầu đọc.
    .do = Vui lòng lấy thẻ của bạn.

## Lựa chọn

looking-up = Đang hỏi thành phố, quận.
    .do = Vui lòng chờ.
choose-municipality = Khi tiêm chủng, bạn đã sống ở đâu?
    .do = Hãy chọn thành phố, quận, thị trấn hoặc làng nơi bạn sống lúc đó.
names-are-shown = Từ đây chỉ có trên màn hình.
    .do = Nhấn phím Esc để quay lại.
choose-kind = Bạn cần giấy chứng nhận nào?
    .do = Hãy chọn theo nơi bạn sẽ sử dụng.
preview = Giấy sẽ được in như thế này.
    .do = Vui lòng kiểm tra. Nếu đúng, hãy tiếp tục.
choose-copies = Bạn cần in mấy bản?
    .do = Vui lòng chọn số bản.
confirm = Cấp giấy chứng nhận này?
another = Bạn có cần giấy chứng nhận khác không?
    .do = Nếu không, hãy bấm “Kết thúc”.

## Thanh toán

choose-payment = Bạn muốn trả tiền bằng cách nào?
put-in-coins = Vui lòng trả thêm { $missing } yên.
    .do = Hãy cho tiền xu vào. Nếu hủy, bạn sẽ được trả lại tiền.
put-in-coins-exactly = Vui lòng trả thêm { $missing } yên. Máy không trả lại tiền thừa.
    .do = Hãy cho vào đúng số tiền bằng tiền xu. Nếu hủy, bạn sẽ được trả lại tiền.
present-payment-card = Vui lòng trả lệ phí.
    .do = Hãy đưa thẻ thanh toán hoặc điện thoại lại gần máy thanh toán.
checking-payment = Đang kiểm tra thanh toán.
    .do = Vui lòng chờ.
change-owed = Còn { $owed } yên tiền thừa chưa được trả ra.
    .do = Vui lòng báo cho nhân viên cửa hàng để nhận tiền.
giving-change = Đang trả lại tiền thừa.
    .do = Vui lòng lấy tiền thừa.
giving-back = Đang trả lại tiền.
    .do = Vui lòng đừng quên lấy tiền.
payment-device-gone = Đang chờ máy thanh toán.
    .do = Tiền bạn đã cho vào không bị mất. Vui lòng chờ.
given-back = Đã trả lại { $returned } yên cho bạn.
    .do = Vui lòng đừng quên lấy tiền.
not-given-back = Không trả lại được { $owed } yên.
    .do = Vui lòng báo cho nhân viên cửa hàng để nhận tiền.

## Cấp giấy

issuing = Đang làm giấy chứng nhận.
    .do = Vui lòng chờ.
printing = Đang in giấy chứng nhận ({ $copies } bản).
    .do = Vui lòng chờ tại đây.
take-paper = Đã in xong ({ $copies } bản).
    .do = Vui lòng lấy giấy chứng nhận.
paper-still-there = Giấy chứng nhận vẫn còn trong máy in.
    .do = Vui lòng lấy giấy chứng nhận.

## Kết thúc

done = Xin cảm ơn.
    .do = Vui lòng đừng quên thẻ và giấy chứng nhận.
cancelled = Đã hủy.
    .do = Vui lòng đừng quên thẻ.
cancelled-next-free = Đã hủy. Giấy chứng nhận chưa được in.
    .do = Lần cấp sau không mất lệ phí. Vui lòng đừng quên thẻ.
time-over = Đã kết thúc vì không có thao tác nào.
    .do = Vui lòng đừng quên thẻ. Bạn có thể bắt đầu lại.
session-too-long = Đã kết thúc vì quá lâu kể từ khi đọc thẻ.
    .do = Bạn có thể bắt đầu lại.
reader-out-of-service = Đầu đọc thẻ không hoạt động.
    .do = Vui lòng báo cho nhân viên cửa hàng.
no-card = Không có thẻ nào được đặt lên.
    .do = Bạn có thể bắt đầu lại.
card-taken-too-early = Thẻ bị lấy ra khi đang đọc.
    .do = Vui lòng bắt đầu lại và để yên thẻ cho đến khi có hướng dẫn lấy thẻ.
not-a-my-number-card = Không đọc được thẻ này như thẻ My Number.
    .do = Vui lòng dùng thẻ My Number của bạn.
card-cannot-be-used = Không dùng được thẻ này ở đây.
    .do = Vui lòng mang thẻ đến hỏi tại quầy của thành phố, quận nơi bạn ở.
card-try-again = Không đọc được thẻ.
    .do = Vui lòng thử lại. Nếu vẫn không được, hãy hỏi tại quầy của thành phố, quận nơi bạn ở.
card-forgotten = Đã kết thúc vì bạn không lấy thẻ.
    .do = Vui lòng lấy thẻ. Bạn có thể bắt đầu lại.
card-left = Có một thẻ trên đầu đọc.
    .do = Nếu là thẻ của bạn, vui lòng lấy lại. Nếu không, vui lòng đưa cho nhân viên cửa hàng.
pin-incorrect = Mã PIN sai (còn { $tries } lần).
    .do = Vui lòng kiểm tra { -pin } gồm 4 chữ số.
pin-locked = Thẻ đã bị khóa { -pin }.
    .do = Vui lòng yêu cầu đặt lại mã PIN tại quầy của thành phố, quận nơi bạn ở.
ask-the-counter = Không thể cấp giấy tại đây.
    .do = Vui lòng hỏi tại quầy của thành phố, quận nơi bạn sống khi tiêm chủng.
passport-missing = Giấy chứng nhận dùng ở nước ngoài cần đăng ký hộ chiếu trước.
    .do = Vui lòng đăng ký bằng ứng dụng hoặc tại quầy của thành phố, quận. Giấy dùng trong Nhật Bản có thể được cấp.
not-offered = Giấy bạn chọn không được cấp ở đây.
    .do = Vui lòng bắt đầu lại và chọn giấy khác.
municipality-not-taking-part = Nơi này không cấp giấy qua máy này.
    .do = Vui lòng hỏi tại quầy của nơi đó.
municipality-closed = Bây giờ ngoài giờ làm việc của nơi này.
    .do = Vui lòng quay lại trong giờ làm việc.
fee-changed = Lệ phí đã thay đổi nên giấy chưa được cấp.
    .do = Vui lòng bắt đầu lại.
start-again = Không thể tiếp tục. Giấy chưa được cấp.
    .do = Vui lòng bắt đầu lại.
try-later = Hiện giờ không sử dụng được.
    .do = Vui lòng thử lại sau.
cannot-look-up-now = Hiện giờ không xem được hồ sơ tiêm chủng. Điều này không có nghĩa là không có hồ sơ.
    .do = Vui lòng thử lại sau.
kiosk-out-of-service = Máy này hiện không sử dụng được.
    .do = Vui lòng báo cho nhân viên cửa hàng.
payment-declined = Thanh toán không thành công. Giấy chưa được cấp.
    .do = Vui lòng bắt đầu lại và trả tiền bằng cách khác.
payment-out-of-service = Máy thanh toán không hoạt động. Giấy chưa được cấp.
    .do = Vui lòng báo cho nhân viên cửa hàng.
money-owed = Có tiền chưa trả lại được cho bạn. Giấy chưa được cấp.
    .do = Vui lòng báo cho nhân viên cửa hàng để nhận tiền.
printer-out-of-service = Máy in không hoạt động nên không thể cấp giấy.
    .do = Vui lòng báo cho nhân viên cửa hàng.
paper-out = Máy in hết giấy nên không thể cấp giấy chứng nhận.
    .do = Vui lòng báo cho nhân viên cửa hàng.
issued-not-printed = Không in được giấy chứng nhận.
    .do = Vui lòng báo cho nhân viên cửa hàng. Lần cấp lại không mất lệ phí.
issued-not-printed-not-reported = Không in được giấy chứng nhận và cũng không báo cáo được việc này.
    .do = Vui lòng cho nhân viên cửa hàng biết mã này.
may-still-print = Không xác nhận được việc in đã dừng hay chưa.
    .do = Giấy chứng nhận có thể vẫn được in ra. Vui lòng ở lại đây và cho nhân viên cửa hàng biết mã này.
order-uncertain = Không nhận được trả lời về việc cấp giấy. Chưa in gì cả.
    .do = Vui lòng cho nhân viên cửa hàng biết mã này.

## Nút bấm

begin = Bắt đầu
agree = Đồng ý
decline = Không đồng ý
enter = Xác nhận
erase = Xóa
cancel = Hủy
back = Quay lại
go-on = Tiếp tục
finish = Kết thúc
try-again = Thử lại
issue-this = Cấp giấy này
another-municipality = Thành phố, quận khác
another-certificate = Cấp thêm giấy khác
to-the-start = Về đầu trang
paper-taken = Tôi đã lấy
more-time = Thêm thời gian
seconds-left = Còn { $seconds } giây

bar-language = Ngôn ngữ · Language
bar-repeat = Nghe lại
bar-volume-up = Âm thanh to hơn
bar-volume-down = Âm thanh nhỏ hơn
bar-larger-text = Chữ to hơn
bar-contrast = Tương phản rõ hơn
bar-help = Trợ giúp
close = Đóng
star-for-keys = Nhấn phím * để nghe cách dùng bàn phím.
this-language = Bằng tiếng Việt
keys = Cách dùng bàn phím số.
    .do =
        Phím số để chọn, phím Enter để xác nhận.
        Phím * để nghe lại, phím 0 để xem tiếp.
        Phím + để to hơn, phím - để nhỏ hơn.
        Phím . để thêm thời gian, phím Esc để hủy.
        Phím / rồi phím 1 là tiếng Nhật, phím 3 là tiếng Anh.
time-soon = Còn 20 giây.
    .do = Nhấn phím . để thêm thời gian.

own-municipality = Nơi ghi trong địa chỉ trên thẻ
by-prefecture = Theo tỉnh
by-kana = Theo chữ kana tiếng Nhật
by-name = Theo tên
next-ones = Xem thêm
search = Tìm tên thành phố, quận
hours = Giờ làm việc { $opens }–{ $closes }
any-hour = Làm việc cả ngày
open-now = Đang làm việc
closed-now = Ngoài giờ làm việc
fee-of = Lệ phí { $fee } yên

abroad = Dùng ở nước ngoài và trong Nhật Bản
domestic = Dùng trong Nhật Bản
abroad-for = Để xuất trình ở nước ngoài. Có thông tin hộ chiếu.
domestic-for = Chỉ dùng trong Nhật Bản.
for-fee = { $fee } yên
no-fee = Không mất lệ phí
doses = { $doses } lần tiêm
doses-in-code = { $doses } lần tiêm (mã QR có { $coded } lần mới nhất)
passport-needed = Cần đăng ký hộ chiếu trước, bằng ứng dụng hoặc tại quầy của thành phố, quận.
chosen-municipality = Nơi cấp: { $municipality }
specimen = Bản mẫu
copies-count = { $copies } bản
total = Tổng cộng { $total } yên
pay-at-the-store = Trả tại quầy thu ngân
pay-with-coins = Trả bằng tiền xu
pay-cashless = Trả bằng thẻ hoặc điện thoại

## Máy không có màn hình

agreed-in-advance = đã đồng ý (--agree)
ask-agree = Bạn có đồng ý không
ask-pin = { -pin }, 4 chữ số, không hiển thị
pin-is-four-digits = Mã PIN gồm 4 chữ số. Chưa gửi gì đến thẻ.
answer-y-or-n = Vui lòng trả lời y hoặc n.
ask-municipality-code = Mã thành phố, quận, 6 chữ số
code-from-the-list = Vui lòng nhập một mã 6 chữ số ở trên.
ask-kind = 1 dùng ở nước ngoài và trong Nhật Bản / 2 dùng trong Nhật Bản / 3 thành phố, quận khác / 0 hủy
answer-0-to-3 = Vui lòng trả lời bằng số từ 0 đến 3.
ask-payment = Cách trả tiền (số)
ask-issue = Cấp giấy không
ask-pin-again = Nhập lại không
ask-another-municipality = Hỏi thành phố, quận khác không
ask-another-certificate = Cấp thêm giấy khác không
