using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping.Budgets;

internal sealed class ScopeMapping : IEntityTypeConfiguration<Scope>
{
    public void Configure(EntityTypeBuilder<Scope> builder)
    {
        builder.ToTable("scopes");
        builder.HasKey(scope => scope.Id).HasName("pk_scopes");
        builder.Property(scope => scope.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(scope => scope.Kind).HasColumnName("kind");
        builder.Property(scope => scope.Name).HasColumnName("name").HasMaxLength(StoredText.NameLength);
        builder.Property(scope => scope.ParentId).HasColumnName("parent_id");
        builder.Property(scope => scope.TimeZone).HasColumnName("time_zone").HasMaxLength(StoredText.NameLength);
        builder.Property(scope => scope.AllowedModels).HasColumnName("allowed_models").HasMaxLength(StoredText.ListLength);
        builder.Property(scope => scope.Disabled).HasColumnName("disabled");
        builder.Property(scope => scope.CreatedAt).HasColumnName("created_at");
        builder.HasIndex(scope => new { scope.Kind, scope.CreatedAt, scope.Id }).HasDatabaseName("ix_scopes_kind_created_at_id");
        builder.HasIndex(scope => scope.ParentId).HasDatabaseName("ix_scopes_parent_id").HasFilter("parent_id IS NOT NULL");
        builder.HasOne(scope => scope.Parent).WithMany().HasForeignKey(scope => scope.ParentId)
            .HasConstraintName("fk_scopes_scopes").OnDelete(DeleteBehavior.Restrict);
    }
}
