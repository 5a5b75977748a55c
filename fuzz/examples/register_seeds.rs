//! Writes the seeds of `register_csv`: a good row and some bad ones of each kind of file, in both
//! encodings. The first byte names the file; the target adds the header.

use std::fs;
use std::io;
use std::path::Path;

const RESIDENTS: &str = "1,123456789018,見本\u{3000}太郎,ミホン タロウ,19800101,1,どこか,旧姓:佐藤|通称:春,,,\n\
    2,123456789019,,,19801301,4,,芸名,20240231,x,\n\
    3,,\"引用,\"\"符\"\"\",,20000229,3,ここ,,20240401,20240501,20230601\n";
const VOUCHERS: &str = "1,0000000001,2,1\n2,1,10,x\n";
const DOSES: &str = "1,20210601120000,20210601,0000000001,会場,医師,ファイザー,コミナティ筋注,mRNA,新型コロナ,L1,1,0.3\n\
    1,20210699120000,2021,1,,,,,,,,0,0.3333\n";
const PASSPORTS: &str = "1,MIHON TARO,,JPN,TK0000001,20300101,counter,20211220090000\n\
    1,Mihon,x,JAPAN,TK-1,20301301,typed,2021\n";

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/register_csv");
    fs::create_dir_all(&folder)?;
    for (kind, text) in [RESIDENTS, VOUCHERS, DOSES, PASSPORTS].iter().enumerate() {
        // Four kinds of file: the number fits a byte.
        let file = [kind as u8];
        let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode(text);
        fs::write(
            folder.join(format!("seed-{kind}-utf8")),
            [&file, text.as_bytes()].concat(),
        )?;
        fs::write(
            folder.join(format!("seed-{kind}-cp932")),
            [&file[..], &cp932].concat(),
        )?;
    }
    Ok(())
}
