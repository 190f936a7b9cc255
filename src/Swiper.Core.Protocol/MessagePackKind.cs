namespace Swiper.Core.Protocol;

/// <summary>The families of MessagePack values.</summary>
public enum MessagePackKind : byte
{
    /// <summary>No bytes left.</summary>
    End,

    /// <summary>0xc1, which the specification never uses.</summary>
    Invalid,
    Nil,
    Boolean,
    Integer,
    Float,
    String,
    Binary,
    Array,
    Map,
    Extension,
}
