using System.ComponentModel;
using System.Runtime.Serialization;
using Swiper.Core.Protocol;

namespace Swiper.Core.Ranking;

/// <summary>The boards; on the wire "all", "day" and "week". Days and weeks are in UTC, and weeks begin on Monday.</summary>
[Description("A board: all swipes, or those of the current UTC day or of the week since Monday.")]
public enum BoardName : byte
{
    [EnumMember(Value = "all")]
    All = 0,

    [EnumMember(Value = "day")]
    Day = 1,

    [EnumMember(Value = "week")]
    Week = 2,
}

internal static class BoardNames
{
    public static BoardName Read(ref FieldReader fields)
    {
        if (!fields.TryWord("board", out var word) || word.SequenceEqual("all"u8))
            return BoardName.All;
        if (word.SequenceEqual("day"u8))
            return BoardName.Day;
        if (word.SequenceEqual("week"u8))
            return BoardName.Week;
        fields.Fail("board", "expected \"all\", \"day\" or \"week\"");
        return default;
    }

    public static void Write(ref MessagePackWriter writer, BoardName board) => writer.WriteString(board switch
    {
        BoardName.Day => "day"u8,
        BoardName.Week => "week"u8,
        _ => "all"u8,
    });
}
