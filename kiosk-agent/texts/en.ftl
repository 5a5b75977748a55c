# English. Short sentences; "you", no jargon.
# Value: what happened, or what this is about. .do: what to do. .spoken: for the voice, where the
# written text reads badly.

-pin = PIN for the card's text information (券面事項入力補助用暗証番号)
-pin-aloud = PIN for the card's text information

## The beginning

start = Get your vaccination certificate here.
    .do =
        You need your My Number Card and its 4-digit { -pin }.
        Press "Start".
    .spoken = Get your vaccination certificate here. You need your My Number Card and its 4-digit { -pin-aloud }. Press "Start".
connecting = Getting ready.
terms = Please read the terms of use.
    .do = If you agree, your card is read next.
terms-in-short = In short:
    .do =
        If you agree, your card is read and your vaccination records are looked up.
        The fee for a certificate that was printed is not paid back.
        Nothing of you stays on this kiosk.
        The whole text is on the screen. It is not read aloud.
second-screen = The screen of this kiosk is open somewhere else.
    .do = Please tell the store's staff.
without-agent = This kiosk is not working right now.
    .do = Please take your card, and tell the store's staff.

## Card and PIN

reader-not-ready = Waiting for the card reader.
put-card = Your My Number Card is read next.
    .do = Please put your card on the card reader.
card-does-not-answer = The card does not answer.
    .do = Please turn it over and put it down again. Only a My Number Card works.
enter-pin = Enter your 4-digit { -pin }. { $tries ->
        [one] You have { $tries } try left.
       *[other] You have { $tries } tries left.
    }
    .do = It may differ from the PIN of your electronic certificates.
    .spoken = Enter your 4-digit { -pin-aloud }. { $tries ->
        [one] You have { $tries } try left.
       *[other] You have { $tries } tries left.
    } It may differ from the PIN of your electronic certificates.
enter-pin-last = Enter your 4-digit { -pin }. This is your last try.
    .do =
        A wrong PIN locks the card.
        If you are not sure, cancel and ask at your municipality's counter.
    .spoken = Enter your 4-digit { -pin-aloud }. This is your last try. A wrong PIN locks the card. If you are not sure, cancel and ask at your municipality's counter.
wrong-pin = The PIN is wrong. { $tries ->
        [one] You have { $tries } try left.
       *[other] You have { $tries } tries left.
    }
    .do = Please check your 4-digit { -pin }.
    .spoken = The PIN is wrong. { $tries ->
        [one] You have { $tries } try left.
       *[other] You have { $tries } tries left.
    } Please check your 4-digit { -pin-aloud }.
wrong-pin-last = The PIN is wrong. One try is left: a wrong PIN locks the card.
    .do = Please check your 4-digit { -pin }. If you are not sure, cancel.
    .spoken = The PIN is wrong. One try is left: a wrong PIN locks the card. Please check your 4-digit { -pin-aloud }. If you are not sure, cancel.
reading = Reading your card.
    .do = Please leave the card where it is.
take-card = Your card has been read.
    .do = Please take your card.
card-still-there = Your card is still on the reader.
    .do = Please take your card.

## Choosing

looking-up = Asking the municipality.
    .do = Please wait.
choose-municipality = Where did you live when you were vaccinated?
    .do = Choose the city, ward, town or village where you lived then.
names-are-shown = From here on it is on the screen only.
    .do = The Escape key goes back.
choose-kind = Which certificate do you need?
    .do = Choose by where you will use it.
preview = This is what will be printed.
    .do = Please check it. If it is right, go on.
choose-copies = How many copies?
    .do = Please choose a number.
confirm = Issue this certificate?
another = Do you need another certificate?
    .do = If not, press "Finish".

## Paying

choose-payment = How would you like to pay?
put-in-coins = Please pay ¥{ $missing } more.
    .do = Put in coins. If you cancel, your money comes back.
    .spoken = Please put in coins. If you cancel, your money comes back. Still to pay:
put-in-coins-exactly = Please pay ¥{ $missing } more. No change can be given.
    .do = Put in the exact amount in coins. If you cancel, your money comes back.
    .spoken = Please put in the exact amount in coins. No change can be given. If you cancel, your money comes back. Still to pay:
present-payment-card = Please pay the fee.
    .do = Hold your payment card or phone to the payment reader.
checking-payment = Checking your payment.
    .do = Please wait.
change-owed = ¥{ $owed } of your change did not come out.
    .do = Please tell the store's staff, who will give it to you.
    .spoken = Some of your change did not come out. Please tell the store's staff, who will give it to you. Missing:
giving-change = Your change is coming out.
    .do = Please take your change.
giving-back = Your money is being returned.
    .do = Please take it.
payment-device-gone = Waiting for the payment device.
    .do = The money you put in is not lost. Please wait.
given-back = ¥{ $returned } was returned to you.
    .do = Please take it.
    .spoken = Your money was returned. Please take it. You get back:
not-given-back = ¥{ $owed } could not be returned.
    .do = Please tell the store's staff, who will give it to you.
    .spoken = Some of your money could not be returned. Please tell the store's staff, who will give it to you. They owe you:

## Issuing

issuing = Your certificate is being made.
    .do = Please wait.
printing = { $copies ->
        [one] Printing { $copies } copy of your certificate.
       *[other] Printing { $copies } copies of your certificate.
    }
    .do = Please wait here.
take-paper = { $copies ->
        [one] { $copies } copy is printed.
       *[other] { $copies } copies are printed.
    }
    .do = Please take your certificate.
paper-still-there = Your certificate is still in the printer.
    .do = Please take your certificate.

## Endings

done = Thank you.
    .do = Please do not forget your card and your certificate.
cancelled = This has been cancelled.
    .do = Please do not forget your card.
cancelled-next-free = This has been cancelled. Your certificate was not printed.
    .do = The next time it is issued without a fee. Please do not forget your card.
time-over = This has ended because nothing was entered.
    .do = Please do not forget your card. You can start again.
session-too-long = This has ended because too much time has passed since your card was read.
    .do = You can start again.
reader-out-of-service = The card reader does not work.
    .do = Please tell the store's staff.
no-card = No card was put on the reader.
    .do = You can start again.
card-taken-too-early = The card was taken away while it was being read.
    .do = Please start again and leave the card until you are asked to take it.
not-a-my-number-card = This card cannot be read as a My Number Card.
    .do = Please use your My Number Card.
card-cannot-be-used = This card cannot be used here.
    .do = Please take the card to your municipality's counter and ask there.
card-try-again = The card could not be read.
    .do = Please try again. If it happens again, ask at your municipality's counter.
card-forgotten = This has ended because the card was not taken.
    .do = Please take your card. You can start again.
card-left = There is a card on the reader.
    .do = If it is yours, please take it. If not, please give it to the store's staff.
pin-incorrect = The PIN is wrong. { $tries ->
        [one] { $tries } try is left.
       *[other] { $tries } tries are left.
    }
    .do = Please check your 4-digit { -pin }.
    .spoken = The PIN is wrong. { $tries ->
        [one] You have { $tries } try left.
       *[other] You have { $tries } tries left.
    } Please check your 4-digit { -pin-aloud }.
pin-locked = The { -pin } is locked.
    .do = Please have the PIN reset at your municipality's counter.
    .spoken = The { -pin-aloud } is locked. Please have it reset at your municipality's counter.
ask-the-counter = No certificate can be issued here.
    .do = Please ask at the counter of the municipality where you lived when you were vaccinated.
passport-missing = A certificate for use abroad needs your passport to be registered.
    .do = Please register it in the app or at your municipality's counter. One for use in Japan can be issued.
not-offered = What you chose is not issued here.
    .do = Please start again and choose another.
municipality-not-taking-part = This municipality does not issue at kiosks.
    .do = Please ask at its counter.
municipality-closed = This municipality does not issue at this hour.
    .do = Please come again during its hours.
fee-changed = The fee has changed, so nothing was issued.
    .do = Please start again.
start-again = This could not go on. Nothing was issued.
    .do = Please start again.
try-later = The service is not available right now.
    .do = Please try again in a while.
cannot-look-up-now = Vaccination records cannot be looked up right now. This does not mean that there are none.
    .do = Please try again in a while.
kiosk-out-of-service = This kiosk is out of service.
    .do = Please tell the store's staff.
printer-out-of-service = The printer does not work, so no certificate can be issued.
    .do = Please tell the store's staff.
paper-out = The printer is out of paper, so no certificate can be issued.
    .do = Please tell the store's staff.
issued-not-printed = Your certificate could not be printed.
    .do = Please tell the store's staff. It is issued again without a fee.
issued-not-printed-not-reported = Your certificate could not be printed, and this could not be reported.
    .do = Please tell the store's staff this code.
may-still-print = We could not make sure that printing has stopped.
    .do = Your certificate may still come out. Please stay here and tell the store's staff this code.
order-uncertain = No answer came to your order. Nothing was printed.
    .do = Please tell the store's staff this code.
payment-declined = The payment was declined. Nothing was issued.
    .do = Please start again and pay in another way.
payment-out-of-service = The payment device does not work. Nothing was issued.
    .do = Please tell the store's staff.
money-owed = Some of your money could not be returned. Nothing was issued.
    .do = Please tell the store's staff, who will give it to you.

## Buttons and the like

begin = Start
agree = I agree
decline = I do not agree
enter = Enter
erase = Erase
cancel = Cancel
back = Back
go-on = Go on
finish = Finish
try-again = Try again
issue-this = Issue this
another-municipality = Another municipality
another-certificate = Another certificate
to-the-start = Back to the start
paper-taken = I have taken it
more-time = More time
seconds-left = { $seconds ->
        [one] { $seconds } second left
       *[other] { $seconds } seconds left
    }

bar-language = Language
bar-repeat = Hear again
bar-volume-up = Louder
bar-volume-down = Quieter
bar-larger-text = Larger text
bar-contrast = Stronger contrast
bar-help = Help
close = Close
star-for-keys = For how to use the keypad, press star.
this-language = For English
keys = How to use the keypad.
    .do =
        The number keys choose, and Enter confirms.
        Star says it again. Zero goes on to the next part.
        Plus is louder, minus is quieter.
        The point gives more time. Escape cancels.
        Slash and then 1 is Japanese, slash and then 3 is English.
time-soon = 20 seconds are left.
    .do = Press the point key for more time.

own-municipality = The municipality of your card's address
by-prefecture = By prefecture
by-kana = By Japanese syllable
by-name = By name
next-ones = More of them
search = Search for the municipality's name
hours = Open { $opens }–{ $closes }
any-hour = Open at any hour
open-now = Open now
closed-now = Closed now
fee-of = Fee ¥{ $fee }

abroad = For use abroad and in Japan
domestic = For use in Japan
abroad-for = To show in another country. It contains your passport's details.
domestic-for = To use in Japan only.
for-fee = ¥{ $fee }
no-fee = No fee
doses = { $doses ->
        [one] { $doses } dose
       *[other] { $doses } doses
    }
doses-in-code = { $doses } doses, the newest { $coded } of them in the code
passport-needed = Your passport must be registered first, in the app or at your municipality's counter.
chosen-municipality = Issued by: { $municipality }
specimen = Specimen
copies-count = { $copies ->
        [one] { $copies } copy
       *[other] { $copies } copies
    }
total = Total ¥{ $total }
pay-at-the-store = Pay at the register
pay-with-coins = Pay with coins
pay-cashless = Pay by card or phone

## At a terminal without a screen

agreed-in-advance = agreed to (--agree)
ask-agree = Do you agree
ask-pin = { -pin }, 4 digits, not shown
pin-is-four-digits = The PIN is four digits. Nothing was sent to the card.
answer-y-or-n = Please answer y or n.
ask-municipality-code = Municipality, 6 digits
code-from-the-list = Please enter one of the codes above, 6 digits.
ask-kind = 1 for use abroad and in Japan / 2 for use in Japan / 3 another municipality / 0 cancel
answer-0-to-3 = Please answer 0, 1, 2 or 3.
ask-payment = How to pay (number)
ask-issue = Issue it
ask-pin-again = Enter it again
ask-another-municipality = Ask another municipality
ask-another-certificate = Issue another certificate
