using System.Text;

namespace Swiper.Compare.Requests;

/// <summary>Encodes commands for Redis.</summary>
internal static class RespCommand
{
    public static byte[] Of(params IReadOnlyList<string> words)
    {
        var text = new StringBuilder($"*{words.Count}\r\n");
        foreach (var word in words)
            text.Append($"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
