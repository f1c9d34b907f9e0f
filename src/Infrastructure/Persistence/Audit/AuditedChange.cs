using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiGateway.Infrastructure.Persistence.Audit;

/// <summary>What a store did, as the audit log keeps it.</summary>
/// <param name="Action">One of <see cref="Application.Administration.AdminActions"/>.</param>
/// <param name="TargetKind">One of <see cref="Application.Administration.AdminTargets"/>.</param>
/// <param name="TargetId">An id or a name.</param>
/// <param name="Before">The target before the change; null: it did not exist.</param>
/// <param name="After">The target after the change; null: it exists no longer.</param>
internal sealed record AuditedChange(string Action, string TargetKind, string TargetId, IAuditedState? Before, IAuditedState? After)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public AuditedChange(string action, string targetKind, Guid targetId, IAuditedState? before, IAuditedState? after)
        : this(action, targetKind, targetId.ToString(), before, after)
    {
    }

    /// <summary>Whether the target differs from before. Where it does not, the audit log gets no row.</summary>
    public bool IsChange => BeforeText != AfterText;

    public string? BeforeText { get; } = ToText(Before);

    public string? AfterText { get; } = ToText(After);

    private static string? ToText(IAuditedState? state) => state is null ? null : JsonSerializer.Serialize(state, state.GetType(), Json);
}

/// <summary>The result of a change, and what it did. A result without changes is rolled back.</summary>
/// <param name="Result">What the store returns.</param>
/// <param name="Changes">What was done; none: nothing.</param>
internal sealed record Audited<TResult>(TResult Result, params IReadOnlyList<AuditedChange> Changes);
