# Português, como se fala no Brasil. Frases curtas, sem termos técnicos.

-pin = senha (券面事項入力補助用暗証番号, para ler os dados impressos no cartão)

## Início

start = Emita aqui o seu certificado de vacinação.
    .do =
        Você precisa do cartão My Number e da { -pin } de 4 dígitos.
        Toque em “Começar”.
connecting = Preparando.
terms = Leia os termos de uso.
    .do = Se você concordar, o cartão será lido em seguida.
terms-in-short = Em resumo:
    .do =
        Se você concordar, o cartão é lido e os registros de vacinação são consultados.
        A taxa de um certificado impresso não é devolvida.
        Nada seu fica neste terminal.
        O texto completo está na tela e não é lido em voz alta.
second-screen = A tela deste terminal está aberta em outro lugar.
    .do = Avise um funcionário da loja.
without-agent = Este terminal não está funcionando agora.
    .do = Retire o seu cartão e avise um funcionário da loja.

## Cartão e senha

reader-not-ready = Aguardando o leitor de cartões.
put-card = Agora vamos ler o seu cartão My Number.
    .do = Coloque o cartão no leitor.
card-does-not-answer = O cartão não responde.
    .do = Vire o cartão e coloque de novo. Só funciona com o cartão My Number.
enter-pin = Digite a { -pin } de 4 dígitos. { $tries ->
        [one] Resta { $tries } tentativa.
       *[other] Restam { $tries } tentativas.
    }
    .do = Ela pode ser diferente da senha dos certificados eletrônicos.
enter-pin-last = Digite a { -pin } de 4 dígitos. Esta é a última tentativa.
    .do =
        Se errar, a senha será bloqueada.
        Se não tiver certeza, cancele e confirme no balcão da prefeitura.
wrong-pin = A senha está errada. { $tries ->
        [one] Resta { $tries } tentativa.
       *[other] Restam { $tries } tentativas.
    }
    .do = Confira a sua { -pin } de 4 dígitos.
wrong-pin-last = A senha está errada. Resta 1 tentativa: se errar, a senha será bloqueada.
    .do = Confira a sua { -pin } de 4 dígitos. Se não tiver certeza, cancele.
reading = Lendo o seu cartão.
    .do = Não mexa no cartão.
take-card = O cartão foi lido.
    .do = Retire o seu cartão.
card-still-there = O seu cartão ainda está no leitor.
    .do = Retire o seu cartão.

## Escolha

looking-up = Consultando o município.
    .do = Aguarde um momento.
choose-municipality = Onde você morava quando foi vacinado(a)?
    .do = Escolha a cidade, o bairro (ku), a vila ou a aldeia onde morava.
names-are-shown = Daqui em diante, só na tela.
    .do = A tecla Esc volta.
choose-kind = De qual certificado você precisa?
    .do = Escolha pelo lugar de uso.
preview = O certificado será impresso assim.
    .do = Confira. Se estiver certo, continue.
choose-copies = Quantas cópias?
    .do = Escolha a quantidade.
confirm = Emitir este certificado?
another = Precisa de outro certificado?
    .do = Se não, toque em “Terminar”.

## Pagamento

choose-payment = Como você quer pagar?
put-in-coins = { $missing ->
        [one] Falta pagar { $missing } iene.
       *[other] Falta pagar { $missing } ienes.
    }
    .do = Coloque moedas. Se cancelar, o dinheiro volta.
put-in-coins-exactly = { $missing ->
        [one] Falta pagar { $missing } iene. Não há troco.
       *[other] Falta pagar { $missing } ienes. Não há troco.
    }
    .do = Coloque o valor exato em moedas. Se cancelar, o dinheiro volta.
present-payment-card = Pague a taxa.
    .do = Aproxime o cartão de pagamento ou o celular da máquina de pagamento.
checking-payment = Verificando o pagamento.
    .do = Aguarde um momento.
change-owed = O troco saiu com ¥{ $owed } a menos.
    .do = Avise um funcionário da loja, que vai lhe entregar o valor.
giving-change = O troco está saindo.
    .do = Retire o troco.
giving-back = Devolvendo o dinheiro.
    .do = Não esqueça de retirar.
payment-device-gone = Aguardando a máquina de pagamento.
    .do = O dinheiro colocado não se perde. Aguarde um momento.
given-back = Foi devolvido o valor de ¥{ $returned }.
    .do = Não esqueça de retirar.
not-given-back = Não foi possível devolver ¥{ $owed }.
    .do = Avise um funcionário da loja, que vai lhe entregar o valor.

## Emissão

issuing = Preparando o certificado.
    .do = Aguarde um momento.
printing = { $copies ->
        [one] Imprimindo { $copies } cópia do certificado.
       *[other] Imprimindo { $copies } cópias do certificado.
    }
    .do = Aguarde aqui.
take-paper = { $copies ->
        [one] { $copies } cópia impressa.
       *[other] { $copies } cópias impressas.
    }
    .do = Retire o seu certificado.
paper-still-there = O seu certificado ainda está na impressora.
    .do = Retire o seu certificado.

## Fim

done = Obrigado.
    .do = Não esqueça o cartão e o certificado.
cancelled = Cancelado.
    .do = Não esqueça o cartão.
cancelled-next-free = Cancelado. O certificado não foi impresso.
    .do = A próxima emissão é gratuita. Não esqueça o cartão.
time-over = Encerrado por falta de resposta.
    .do = Não esqueça o cartão. Você pode começar de novo.
session-too-long = Encerrado porque passou muito tempo desde a leitura do cartão.
    .do = Você pode começar de novo.
reader-out-of-service = O leitor de cartões não funciona.
    .do = Avise um funcionário da loja.
no-card = Nenhum cartão foi colocado no leitor.
    .do = Você pode começar de novo.
card-taken-too-early = O cartão foi retirado durante a leitura.
    .do = Comece de novo e não mexa no cartão até aparecer o aviso para retirar.
not-a-my-number-card = Este cartão não pode ser lido como cartão My Number.
    .do = Use o seu cartão My Number.
card-cannot-be-used = Este cartão não pode ser usado aqui.
    .do = Leve o cartão ao balcão da prefeitura e pergunte lá.
card-try-again = Não foi possível ler o cartão.
    .do = Tente de novo. Se continuar, pergunte no balcão da prefeitura.
card-forgotten = Encerrado porque o cartão não foi retirado.
    .do = Retire o cartão. Você pode começar de novo.
card-left = Há um cartão no leitor.
    .do = Se for seu, retire-o. Se não for, entregue-o a um funcionário da loja.
pin-incorrect = A senha está errada. { $tries ->
        [one] Resta { $tries } tentativa.
       *[other] Restam { $tries } tentativas.
    }
    .do = Confira a sua { -pin } de 4 dígitos.
pin-locked = A { -pin } está bloqueada.
    .do = Peça no balcão da prefeitura para redefinir a senha.
ask-the-counter = Não é possível emitir aqui.
    .do = Pergunte no balcão da prefeitura de onde você morava quando foi vacinado(a).
passport-missing = O certificado para uso no exterior exige o registro do passaporte.
    .do = Registre pelo aplicativo ou no balcão da prefeitura. O de uso no Japão pode ser emitido.
not-offered = O certificado escolhido não é emitido aqui.
    .do = Comece de novo e escolha outro.
municipality-not-taking-part = Este município não emite por este terminal.
    .do = Pergunte no balcão da prefeitura.
municipality-closed = Este município não atende neste horário.
    .do = Volte no horário de atendimento.
fee-changed = A taxa mudou, por isso nada foi emitido.
    .do = Comece de novo.
start-again = Não foi possível continuar. Nada foi emitido.
    .do = Comece de novo.
try-later = O serviço não está disponível agora.
    .do = Tente de novo mais tarde.
cannot-look-up-now = Não é possível consultar os registros de vacinação agora. Isso não quer dizer que eles não existam.
    .do = Tente de novo mais tarde.
kiosk-out-of-service = Este terminal está fora de serviço.
    .do = Avise um funcionário da loja.
payment-declined = O pagamento foi recusado. Nada foi emitido.
    .do = Comece de novo e pague de outra forma.
payment-out-of-service = A máquina de pagamento não funciona. Nada foi emitido.
    .do = Avise um funcionário da loja.
money-owed = Parte do seu dinheiro não pôde ser devolvida. Nada foi emitido.
    .do = Avise um funcionário da loja, que vai lhe entregar o valor.
printer-out-of-service = A impressora não funciona, por isso nada pode ser emitido.
    .do = Avise um funcionário da loja.
paper-out = A impressora está sem papel, por isso nada pode ser emitido.
    .do = Avise um funcionário da loja.
issued-not-printed = Não foi possível imprimir o certificado.
    .do = Avise um funcionário da loja. A nova emissão é gratuita.
issued-not-printed-not-reported = Não foi possível imprimir o certificado nem comunicar isso.
    .do = Informe este código a um funcionário da loja.
may-still-print = Não foi possível confirmar que a impressão parou.
    .do = O certificado ainda pode sair. Fique aqui e informe este código a um funcionário da loja.
order-uncertain = Não houve resposta ao pedido. Nada foi impresso.
    .do = Informe este código a um funcionário da loja.

## Botões

begin = Começar
agree = Concordo
decline = Não concordo
enter = Confirmar
erase = Apagar
cancel = Cancelar
back = Voltar
go-on = Continuar
finish = Terminar
try-again = Tentar de novo
issue-this = Emitir este
another-municipality = Outro município
another-certificate = Emitir outro certificado
to-the-start = Voltar ao início
paper-taken = Já retirei
more-time = Mais tempo
seconds-left = { $seconds ->
        [one] Resta { $seconds } segundo
       *[other] Restam { $seconds } segundos
    }

bar-language = Idioma · Language
bar-repeat = Ouvir de novo
bar-volume-up = Mais alto
bar-volume-down = Mais baixo
bar-larger-text = Letras maiores
bar-contrast = Mais contraste
bar-help = Ajuda
close = Fechar
star-for-keys = Para ouvir como usar o teclado, aperte *.
this-language = Em português
keys = Como usar o teclado numérico.
    .do =
        As teclas de número escolhem, e Enter confirma.
        A tecla * repete, e a tecla 0 mostra o que vem depois.
        A tecla + aumenta o som, e a tecla - diminui.
        A tecla . dá mais tempo, e Esc cancela.
        A tecla / e depois 1 é japonês, e depois 3 é inglês.
time-soon = Restam 20 segundos.
    .do = Aperte a tecla . para ter mais tempo.

own-municipality = Município do endereço no cartão
by-prefecture = Por província
by-kana = Pelo alfabeto japonês (kana)
by-name = Pelo nome
next-ones = Mais opções
search = Procurar o nome do município
hours = Atendimento { $opens }–{ $closes }
any-hour = Atendimento a qualquer hora
open-now = Atendendo agora
closed-now = Fora do horário
fee-of = Taxa ¥{ $fee }

abroad = Para uso no exterior e no Japão
domestic = Para uso no Japão
abroad-for = Para mostrar em outro país. Contém os dados do passaporte.
domestic-for = Para usar só no Japão.
for-fee = ¥{ $fee }
no-fee = Sem taxa
doses = { $doses ->
        [one] { $doses } dose
       *[other] { $doses } doses
    }
doses-in-code = { $doses } doses (as { $coded } mais recentes no código QR)
passport-needed = É preciso registrar antes o passaporte, pelo aplicativo ou no balcão da prefeitura.
chosen-municipality = Emitido por: { $municipality }
specimen = Amostra
copies-count = { $copies ->
        [one] { $copies } cópia
       *[other] { $copies } cópias
    }
total = Total ¥{ $total }
pay-at-the-store = Pagar no caixa
pay-with-coins = Pagar com moedas
pay-cashless = Pagar com cartão ou celular

## Terminal sem tela

agreed-in-advance = aceito (--agree)
ask-agree = Você concorda
ask-pin = { -pin }, 4 dígitos, não aparece
pin-is-four-digits = A senha tem 4 dígitos. Nada foi enviado ao cartão.
answer-y-or-n = Responda y ou n.
ask-municipality-code = Município, 6 dígitos
code-from-the-list = Digite um dos códigos de 6 dígitos acima.
ask-kind = 1 para uso no exterior e no Japão / 2 para uso no Japão / 3 outro município / 0 cancelar
answer-0-to-3 = Responda 0, 1, 2 ou 3.
ask-payment = Forma de pagamento (número)
ask-issue = Emitir
ask-pin-again = Digitar de novo
ask-another-municipality = Consultar outro município
ask-another-certificate = Emitir outro certificado
