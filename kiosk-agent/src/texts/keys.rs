//! Makes an enum whose variants are texts.

/// An enum of texts: each variant with the name it has in the files and the arguments it takes.
macro_rules! keys {
    ($(#[$meta:meta])* $vis:vis enum $name:ident $(<$life:lifetime>)? {
        $($(#[$doc:meta])*
        $variant:ident $({ $($argument:ident: $kind:ty),+ $(,)? })? = $key:literal,)+
    }) => {
        $(#[$meta])*
        $vis enum $name $(<$life>)? {
            $($(#[$doc])* $variant $({ $($argument: $kind),+ })?,)+
        }

        impl $(<$life>)? $crate::texts::Key for $name $(<$life>)? {
            const DECLARED: &'static [(&'static str, &'static [&'static str])] =
                &[$(($key, &[$($(stringify!($argument)),+)?])),+];

            fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant $({ $($argument: _),+ })? => $key,)+
                }
            }

            fn arguments(&self) -> fluent_bundle::FluentArgs<'_> {
                match self {
                    $(Self::$variant $({ $($argument),+ })? => $crate::texts::arguments([
                        $($((stringify!($argument), $crate::texts::Argument::value($argument))),+)?
                    ]),)+
                }
            }
        }
    };
}

pub(crate) use keys;
