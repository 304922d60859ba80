"""Ready configuration for gateways: the same text on the screen, in the documents and in the tests that try it."""

from mailroll.gateway.recipes.renderer import EXAMPLE, RECIPES, Block, File, Recipe, RecipePlace, render

__all__ = ["EXAMPLE", "RECIPES", "Block", "File", "Recipe", "RecipePlace", "render"]
