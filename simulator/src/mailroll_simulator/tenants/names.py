"""Invented names to make people of."""

GIVEN = (
    "Amelia Bram Carys Dilan Elodie Farid Greta Hamish Imogen Jonas Kavya Leander Maren Niall Odette Piotr Quinn Rhona "
    "Sunniva Tobias Una Viktor Wanda Xenia Yusuf Zoë Anneke Basil Chiara Dermot Esme Fergus Gwen Hugo Ines Jasper "
    "Kirsten Lorcan Mina Nadia Oskar Perpetua Rafael Saoirse Tamsin Ulrich Vera Wilf Yara Zeno Aled Bettina Cosmo "
    "Delphine Ewan Freya Gideon Hanneke Ivo Jocelyn"
).split()
SURNAMES = (
    "Abernathy Birchall Calloway Dunmore Eastwick Fairhurst Gallowhill Harrowgate Inglethorpe Jessop Kettlewell "
    "Lanyard Merriweather Northcote Oakhanger Penhallow Quillfeather Ravensdale Silverton Thistlewood Underhay "
    "Vantongeren Whitlock Yarrow Zellweg Ashgrove Brackenbury Copperfield-Lane Dovecote Elderberry Foxglove "
    "Greenhalgh Hollyoak Ivybridge Juniper Knotwood Larkspur Mossman Nettlefold Orchardson Plumtree Quenby Rosewarne "
    "Sandpiper Tanglewood Umberleigh Vetchling Wintergreen Yewdale Zennor Ambleforth Bellweather Cloverdale "
    "Drakensmoor Embersley Fennimore Gorsefield Heatherington Islay-Brook Jollybrand Kingfisher Longacre Marlstone "
    "Nightjar Osierbank Petrelson Quarryman Rushbrook Stonechat Teasel Undermill Viburnum Wagtail Yaffle Müllerton "
    "Ødegård Lindqvist-Hale Szczepanik O'Rafferty"
).split()
