using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using AiGateway.Api.Errors;

namespace AiGateway.Api.Auth.Sessions;

/// <summary>Keeps a session in a sealed cookie, which any gateway of the same database can read.</summary>
internal sealed class SessionCookie(ConsoleAddress address, ConsoleProtection protection, TimeProvider time)
{
    private const string Purpose = "console session 1";

    /// <summary>The session of a request; null: there is none, it has expired, or it was not sealed by these gateways.</summary>
    public ConsoleSession? Read(HttpRequest request) =>
        address.Of(request) is { } origin && request.Cookies[origin.CookieName] is { Length: > 0 } text
        && Open(text) is { } session && session.ExpiresAt > time.GetUtcNow()
            ? session
            : null;

    /// <summary>Begins the session of a key.</summary>
    public void Begin(HttpContext context, ConsoleOrigin origin, byte[] keyHash) =>
        Write(context, origin, new ConsoleSession(keyHash, null, time.GetUtcNow() + ConsoleSession.Lifetime));

    /// <summary>Begins the session of a person.</summary>
    public void Begin(HttpContext context, ConsoleOrigin origin, SignedInPerson person) =>
        Write(context, origin, new ConsoleSession(null, person, time.GetUtcNow() + ConsoleSession.Lifetime));

    /// <summary>Removes the session from the browser.</summary>
    public static void Remove(HttpContext context, ConsoleOrigin origin) => context.Response.Cookies.Delete(origin.CookieName, Form(origin));

    /// <summary>The attributes of the console's cookies: for this host, its own pages and, over https, encrypted connections.</summary>
    public static CookieOptions Form(ConsoleOrigin origin) => new()
    {
        HttpOnly = true,
        Secure = origin.IsSecure,
        SameSite = SameSiteMode.Strict,
        Path = "/",
    };

    private void Write(HttpContext context, ConsoleOrigin origin, ConsoleSession session)
    {
        var form = Form(origin);
        form.MaxAge = ConsoleSession.Lifetime;
        var text = Base64Url.EncodeToString(protection.CreateProtector(Purpose).Protect(JsonSerializer.SerializeToUtf8Bytes(session)));
        context.Response.Cookies.Append(origin.CookieName, text, form);
    }

    // A failed database is no invalid cookie: its exception goes on.
    private ConsoleSession? Open(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<ConsoleSession>(protection.CreateProtector(Purpose).Unprotect(Base64Url.DecodeFromChars(text)));
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException && DatabaseFailure.In(fault) is null)
        {
            return null;
        }
    }
}
