using System.Security.Cryptography;
using System.Text;
using AiGateway.Application.Requests;

namespace AiGateway.Application.Routing;

/// <summary>
/// Names the conversation of a request, so all its turns reach one target and find the provider's prompt cache filled.
/// </summary>
internal static class AffinityKey
{
    private const int MostHashedCharacters = 8_192;

    /// <summary>
    /// The client's own name of the conversation; else a hash of what stays the same in every turn: user, model, system
    /// message and first user message.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="model">The requested model.</param>
    public static string Of(ModelRequest request, string model)
    {
        if (request.ConversationKey is { } named) return $"{request.UserId:N}\n{named}";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, request.UserId.ToString("N"));
        Append(hash, model);
        foreach (var message in request.Conversation)
        {
            Append(hash, message.Content);
            if (message.Role == "user") break;
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text.Length <= MostHashedCharacters ? text : text[..MostHashedCharacters]));
        hash.AppendData("\0"u8);
    }
}
