using System.Globalization;
using System.Text;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>What stands in the profile of a user whom a login has just made, read from the reply itself.</summary>
internal static class NewProfile
{
    /// <summary>The values by the names of their fields, as they are written in JSON; nil is nil.</summary>
    public static IReadOnlyDictionary<string, string> Fields()
    {
        var profile = Profile.New(uid: 123_456, phone: "+4915112345678", now: 0);
        var reader = new MessagePackReader(Encode(new ProfileReply(ProfileView.OfOneself(profile))));
        var values = new Dictionary<string, string>();
        if (!reader.TryReadArrayHeader(out _) || !reader.TryReadMapHeader(out var count))
            throw new InvalidOperationException("A profile is an array of one map.");
        for (var left = count; left > 0; left--)
        {
            if (!reader.TryReadString(out var name))
                throw new InvalidOperationException("A field has a name.");
            values[Encoding.UTF8.GetString(name)] = ReadValue(ref reader);
        }
        return values;
    }

    private static string ReadValue(ref MessagePackReader reader)
    {
        if (reader.TryReadNil())
            return "nil";
        if (reader.TryReadString(out var text))
            return $"\"{Encoding.UTF8.GetString(text)}\"";
        if (reader.TryReadBoolean(out var flag))
            return flag ? "true" : "false";
        if (reader.TryReadInt64(out var number))
            return number.ToString(CultureInfo.InvariantCulture);
        if (reader.TryReadArrayHeader(out var count) && count == 0)
            return "[]";
        throw new NotSupportedException("A new profile has a value that the document can't show yet.");
    }

    private static byte[] Encode(ProfileReply reply)
    {
        var writer = new MessagePackWriter([]);
        try
        {
            reply.Write(ref writer);
            return writer.Written.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }
}
