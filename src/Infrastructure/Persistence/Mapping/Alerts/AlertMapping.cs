using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping.Alerts;

/// <summary>Alerts have no foreign keys: they outlive the scopes that they name.</summary>
internal sealed class AlertMapping : IEntityTypeConfiguration<Alert>
{
    public void Configure(EntityTypeBuilder<Alert> builder)
    {
        builder.ToTable("alerts");
        builder.HasKey(alert => alert.Id).HasName("pk_alerts");
        builder.Property(alert => alert.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(alert => alert.Kind).HasColumnName("kind");
        builder.Property(alert => alert.At).HasColumnName("at");
        builder.Property(alert => alert.OnceKey).HasColumnName("once_key").HasMaxLength(Alert.MaxOnceKeyLength);
        builder.Property(alert => alert.QueuedAt).HasColumnName("queued_at");
        builder.Property(alert => alert.ScopeKind).HasColumnName("scope_kind");
        builder.Property(alert => alert.ScopeId).HasColumnName("scope_id");
        builder.Property(alert => alert.CounterId).HasColumnName("counter_id");
        builder.Property(alert => alert.Window).HasColumnName("window_code");
        builder.Property(alert => alert.WindowStart).HasColumnName("window_start");
        builder.Property(alert => alert.Metric).HasColumnName("metric");
        builder.Property(alert => alert.IsSoft).HasColumnName("is_soft");
        builder.Property(alert => alert.Percent).HasColumnName("percent");
        builder.Property(alert => alert.Amount).HasColumnName("amount");
        builder.Property(alert => alert.Used).HasColumnName("used");
        builder.Property(alert => alert.Held).HasColumnName("held");
        builder.Property(alert => alert.ResetsAt).HasColumnName("resets_at");
        builder.Property(alert => alert.Model).HasColumnName("model").HasMaxLength(StoredText.NameLength);
        builder.Property(alert => alert.EndUser).HasColumnName("end_user").HasMaxLength(StoredText.NameLength);
        builder.Property(alert => alert.Provider).HasColumnName("provider").HasMaxLength(StoredText.NameLength);
        builder.Property(alert => alert.Problem).HasColumnName("problem");
        builder.Property(alert => alert.Count).HasColumnName("record_count");
        builder.Property(alert => alert.Requests).HasColumnName("requests").HasMaxLength(StoredText.ProblemLength);
        builder.HasIndex(alert => alert.OnceKey).HasDatabaseName("ux_alerts_once_key").IsUnique();
        builder.HasIndex(alert => new { alert.CounterId, alert.WindowStart }).HasDatabaseName("ix_alerts_counter_id_window_start")
            .HasFilter("counter_id IS NOT NULL");
        builder.HasIndex(alert => alert.At).HasDatabaseName("ix_alerts_at");
        builder.HasIndex(alert => alert.QueuedAt).HasDatabaseName("ix_alerts_unqueued").HasFilter("queued_at IS NULL");
    }
}
