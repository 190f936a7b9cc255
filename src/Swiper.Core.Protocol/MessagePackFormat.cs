namespace Swiper.Core.Protocol;

/// <summary>The first bytes of MessagePack values (https://github.com/msgpack/msgpack/blob/master/spec.md).</summary>
internal static class MessagePackFormat
{
    public const byte MaxPositiveFixInt = 0x7f;
    public const byte FixMap = 0x80;
    public const byte FixArray = 0x90;
    public const byte FixStr = 0xa0;
    public const byte Nil = 0xc0;
    public const byte False = 0xc2;
    public const byte True = 0xc3;
    public const byte Bin8 = 0xc4;
    public const byte Bin16 = 0xc5;
    public const byte Bin32 = 0xc6;
    public const byte Ext8 = 0xc7;
    public const byte Ext16 = 0xc8;
    public const byte Ext32 = 0xc9;
    public const byte Float32Code = 0xca;
    public const byte Float64Code = 0xcb;
    public const byte UInt8Code = 0xcc;
    public const byte UInt16Code = 0xcd;
    public const byte UInt32Code = 0xce;
    public const byte UInt64Code = 0xcf;
    public const byte Int8Code = 0xd0;
    public const byte Int16Code = 0xd1;
    public const byte Int32Code = 0xd2;
    public const byte Int64Code = 0xd3;
    public const byte FixExt1 = 0xd4;
    public const byte FixExt16 = 0xd8;
    public const byte Str8 = 0xd9;
    public const byte Str16 = 0xda;
    public const byte Str32 = 0xdb;
    public const byte Array16 = 0xdc;
    public const byte Array32 = 0xdd;
    public const byte Map16 = 0xde;
    public const byte Map32 = 0xdf;
    public const byte MinNegativeFixInt = 0xe0;

    /// <summary>The length of a value that begins with this byte; 0 if the byte alone does not determine it.</summary>
    public static readonly byte[] FixedSizes = [.. Enumerable.Range(0, 256).Select(static code => FixedSize((byte)code))];

    private static readonly MessagePackKind[] Kinds = [.. Enumerable.Range(0, 256).Select(static code => Kind((byte)code))];

    /// <summary>An integer stored in the byte itself: its value is that of the signed byte.</summary>
    public static bool IsFixInt(byte code) => (sbyte)code >= unchecked((sbyte)MinNegativeFixInt);

    /// <summary>The kind of value that begins with this byte.</summary>
    public static MessagePackKind KindOf(byte code) => Kinds[code];

    private static MessagePackKind Kind(byte code) => code switch
    {
        <= MaxPositiveFixInt or >= MinNegativeFixInt => MessagePackKind.Integer,
        < FixArray => MessagePackKind.Map,
        < FixStr => MessagePackKind.Array,
        < Nil => MessagePackKind.String,
        Nil => MessagePackKind.Nil,
        False or True => MessagePackKind.Boolean,
        >= Bin8 and <= Bin32 => MessagePackKind.Binary,
        >= Ext8 and <= Ext32 or >= FixExt1 and <= FixExt16 => MessagePackKind.Extension,
        Float32Code or Float64Code => MessagePackKind.Float,
        >= UInt8Code and <= Int64Code => MessagePackKind.Integer,
        >= Str8 and <= Str32 => MessagePackKind.String,
        Array16 or Array32 => MessagePackKind.Array,
        Map16 or Map32 => MessagePackKind.Map,
        _ => MessagePackKind.Invalid,
    };

    private static byte FixedSize(byte code) => code switch
    {
        <= MaxPositiveFixInt or >= MinNegativeFixInt or Nil or False or True => 1,
        FixArray or FixMap => 1,
        >= FixStr and < Nil => (byte)(1 + (code & 0x1f)),
        UInt8Code or Int8Code => 2,
        UInt16Code or Int16Code => 3,
        UInt32Code or Int32Code or Float32Code => 5,
        UInt64Code or Int64Code or Float64Code => 9,
        >= FixExt1 and <= FixExt16 => (byte)(2 + (1 << (code - FixExt1))),
        _ => 0,
    };
}
