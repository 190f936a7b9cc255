using Swiper.Core.Accounts;
using Swiper.Storage.Accounts;

namespace Swiper.Storage.Embedded.Accounts;

/// <summary>The login codes of a phone as a row of `codes`.</summary>
internal static class CodeRow
{
    public static PhoneCodes Find(ShardWriter writer, string phone)
    {
        var find = writer.FindCode;
        find.BindText(1, phone);
        if (!find.Step())
            return PhoneCodes.None;
        var codes = SentCodes.Read(find.Text(0), find.Int64(1), (int)find.Int64(2), find.Int64(3), find.IsNull(4) ? null : find.Text(4));
        find.Reset();
        return codes;
    }

    /// <summary>Writes the codes back if they have changed.</summary>
    public static void Keep(ShardWriter writer, string phone, PhoneCodes found, PhoneCodes keep)
    {
        if (ReferenceEquals(keep, found))
            return;
        if (keep.IsEmpty)
        {
            writer.DeleteCode.BindText(1, phone);
            writer.DeleteCode.Run();
            return;
        }
        var put = writer.PutCode;
        put.BindText(1, phone);
        put.Bind(2, keep.ChangedAt);
        put.Bind(3, keep.Tries);
        put.Bind(4, keep.LockedUntil);
        put.BindText(5, SentCodes.Write(keep));
        put.Run();
    }
}
